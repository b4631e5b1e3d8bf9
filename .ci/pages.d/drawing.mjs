// What the accessibility checker does not look at: texts in drawings, and the fonts that letters
// come from. The first two functions run inside the page, and use nothing from outside themselves.

/**
 * Texts of drawings that stand out too little from what they are written on: less than 4.5 : 1
 * (WCAG 2.2, success criterion 1.4.3). Written on is the last rectangle drawn before that holds the
 * middle of the text, or else the page.
 */
export function contrastProblems() {
    const parse = (colour) => {
        const [red, green, blue, alpha = 1] = (colour.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
        return { rgb: [red, green, blue], alpha };
    };
    const over = ({ rgb, alpha }, below) => rgb.map((part, i) => part * alpha + below[i] * (1 - alpha));
    const luminance = (rgb) => {
        const [red, green, blue] = rgb.map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const fill = (element) => {
        const style = getComputedStyle(element);
        if (!/^rgb/.test(style.fill)) return null; // none, or a pattern
        const { rgb, alpha } = parse(style.fill);
        let seen = alpha * style.fillOpacity;
        for (let at = element; at instanceof SVGElement; at = at.parentElement) {
            seen *= getComputedStyle(at).opacity;
        }
        return { rgb, alpha: seen };
    };
    const pageColour = over(parse(getComputedStyle(document.body).backgroundColor), [255, 255, 255]);
    const problems = new Set();
    for (const drawing of document.querySelectorAll('svg')) {
        if (!drawing.checkVisibility()) continue;
        const below = []; // what was drawn so far
        for (const element of drawing.querySelectorAll('rect, text')) {
            const box = element.getBoundingClientRect();
            if (element.localName === 'rect') {
                const paint = fill(element);
                if (paint !== null && paint.alpha > 0) below.push({ box, paint });
                continue;
            }
            const ink = fill(element);
            if (ink === null || element.closest('[aria-hidden="true"]') || box.width === 0) continue;
            const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
            const ground = below
                .filter(({ box }) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom)
                .reduce((colour, { paint }) => over(paint, colour), pageColour);
            const [one, other] = [luminance(over(ink, ground)), luminance(ground)];
            const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
            if (ratio < 4.495) {
                const text = element.textContent.trim().slice(0, 60);
                problems.add(`“${text}” stands out by ${ratio.toFixed(2)} : 1 only`);
            }
        }
    }
    return [...problems];
}

/**
 * Texts of drawings that a line runs through, where no halo (the text again, wide and in the colour of
 * the page, in a group that is `aria-hidden`) keeps them apart. Lines of the grid are allowed.
 */
export function crossedTexts() {
    const problems = new Set();
    for (const drawing of document.querySelectorAll('svg')) {
        if (!drawing.checkVisibility()) continue;
        const place = (text) =>
            [text.getAttribute('x'), text.getAttribute('y'), text.textContent].join();
        const halos = new Set([...drawing.querySelectorAll('[aria-hidden="true"] text')].map(place));
        const texts = [...drawing.querySelectorAll('text')]
            .filter((text) => !halos.has(place(text)))
            .filter((text) => !/^stroke/.test(getComputedStyle(text).paintOrder)) // a halo of its own
            .map((text) => ({ text, box: text.getBoundingClientRect() }))
            .map(({ text, box }) => {
                // where the letters are: within their capitals, and a pixel clear of the ends
                const { left, right, top, bottom, height } = box;
                return { text, left: left + 1, right: right - 1, top: top + 0.22 * height,
                    bottom: bottom - 0.25 * height };
            });
        for (const line of drawing.querySelectorAll('line, path, polyline')) {
            const style = getComputedStyle(line);
            const grid = /grid/.test(line.getAttribute('class') ?? '');
            if (style.stroke === 'none' || style.fill !== 'none' || grid) continue;
            const around = line.getBoundingClientRect();
            const near = texts.filter((text) => text.left < around.right &&
                around.left < text.right && text.top < around.bottom && around.top < text.bottom);
            if (near.length === 0) continue;
            const matrix = line.getScreenCTM();
            const length = line.getTotalLength();
            for (let at = 0; at <= length; at += 1) {
                const { x, y } = line.getPointAtLength(at).matrixTransform(matrix);
                for (const { text, left, right, top, bottom } of near) {
                    if (left < x && x < right && top < y && y < bottom) {
                        const said = text.textContent.trim().slice(0, 60);
                        problems.add(`“${said}” has a line through it`);
                    }
                }
            }
        }
    }
    return [...problems];
}

/** Fonts of Arial's widths. */
const FONTS = /^(Liberation Sans|Arimo|Arial|Helvetica( Neue)?)$/;

/** The letters of the page that look, in Arial, as what stands for letters that no font has. */
function missingLetters(letters) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 40;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.font = '24px Arial, "Liberation Sans", Arimo';
    const look = (letter) => {
        context.clearRect(0, 0, 40, 40);
        context.fillText(letter, 8, 28);
        return context.getImageData(0, 0, 40, 40).data.join();
    };
    const missing = look('\u{10fffe}'); // no letter, by definition
    return letters.filter((letter) => look(letter) === missing);
}

/**
 * Letters of the page that Arial does not have: another font stands in, of other widths, and on some
 * machine none does.
 */
export async function fontProblems(tab) {
    const letters = await tab.evaluate(() => {
        const all = [...new Set(document.body.textContent)].filter((letter) => letter.trim() !== '');
        const probe = document.createElement('p');
        probe.id = 'letters';
        probe.style.fontFamily = 'Arial, "Liberation Sans", Arimo';
        probe.textContent = all.join('');
        document.body.append(probe);
        return all;
    });
    const session = await tab.createCDPSession();
    await session.send('DOM.enable');
    await session.send('CSS.enable');
    const { root } = await session.send('DOM.getDocument', { depth: 0 });
    const { nodeId } = await session.send('DOM.querySelector',
        { nodeId: root.nodeId, selector: '#letters' });
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
    await tab.evaluate(() => document.getElementById('letters').remove());
    const missing = await tab.evaluate(missingLetters, letters);
    const foreign = fonts.filter(({ familyName }) => !FONTS.test(familyName));
    return [
        ...missing.map((letter) => `no font has the letter “${letter}”`),
        ...foreign.map(({ familyName, glyphCount }) =>
            `${glyphCount} letters of the page are not in Arial, and come from ${familyName}`),
    ];
}
