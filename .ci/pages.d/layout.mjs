// Functions that run inside the page. Each is sent as text, so it uses nothing from outside itself.

/**
 * What a reader would see go wrong, as sentences: texts that overlap, are cut off, or are too small
 * to read, and boxes wider than what holds them.
 *
 * Boxes of text come from the fonts, with room for accents above the capitals: that much (16 % of
 * the size) does not count. Groups marked `aria-hidden` in a drawing are halos, and do not count.
 */
export function layoutProblems({ smallest, tolerance }) {
    const problems = [];
    const pageWidth = document.documentElement.clientWidth;
    const named = (text) => `“${text.trim().replace(/\s+/g, ' ').slice(0, 60)}”`;
    const name = (element) => {
        const classes = (element.getAttribute('class') ?? '').trim().split(/\s+/).filter(Boolean);
        return `<${[element.localName, ...classes].join('.')}${element.id ? ` id=${element.id}` : ''}>`;
    };
    const seen = (element) =>
        element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);

    // For screen readers alone: a box of at most a pixel that hides the rest.
    const forReaders = (element) => {
        for (let at = element; at !== null; at = at.parentElement) {
            const box = at.getBoundingClientRect();
            if (getComputedStyle(at).overflowX === 'hidden' && box.width <= 1.5) return true;
        }
        return false;
    };

    // One entry a line of text: its box, less the room for accents, and where it stands.
    const lines = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (node.data.trim() === '' || !seen(parent) || forReaders(parent)) continue;
        const drawing = parent.closest('svg');
        if (drawing !== null && parent.closest('svg [aria-hidden="true"]')) continue;
        const matrix = drawing === null ? null : parent.getScreenCTM();
        const scale = matrix === null ? 1 : Math.hypot(matrix.a, matrix.b);
        const size = Number.parseFloat(getComputedStyle(parent).fontSize) * scale;
        const upright = matrix === null || (Math.abs(matrix.b) < 1e-6 && matrix.a > 0);
        const range = document.createRange();
        // What is not to be broken: names with hyphens in titles, options in code, and short words
        // without a hyphen, as Mbit/s or 97.3–97.5.
        const whole = parent.closest('h1, h2, h3') ? /\S+-\S+/g
            : parent.closest('code') ? /--[a-z]\S*/g
            : drawing === null ? /(?<!\S)[^\s-]{2,16}(?!\S)/g : /$^/g;
        for (const { 0: word, index } of node.data.matchAll(whole)) {
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
            if (tops.size > 1) problems.push(`${named(word)} is broken over ${tops.size} lines`);
        }
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
            if (box.width === 0 || box.height === 0) continue;
            const top = box.top + (upright ? 0.16 * size : 0);
            const { left, right, bottom } = box;
            lines.push({ left, right, top, bottom, size, parent, drawing, text: node.data });
        }
    }

    for (const line of lines) {
        const { drawing, parent, size } = line;
        const past = (box, sides) =>
            sides.filter(([side, sign]) => sign * (line[side] - box[side]) > tolerance)
                .map(([side]) => side);
        const across = [['left', -1], ['right', 1]];
        const around = [...across, ['top', -1], ['bottom', 1]];
        if (size < smallest - 0.01) {
            problems.push(`${named(line.text)} is ${size.toFixed(1)} px small`);
        }
        if (drawing !== null) {
            const box = drawing.getBoundingClientRect();
            const sides = past(box, around);
            if (sides.length) {
                problems.push(`${named(line.text)} is past the ${sides} of its drawing`);
            }
        }
        if (drawing === null) {
            let block = parent;
            while (getComputedStyle(block).display === 'inline') block = block.parentElement;
            if (past(block.getBoundingClientRect(), across).length && !scrolls(block)) {
                problems.push(`${named(line.text)} is wider than its ${name(block)}`);
            }
        }
        // Whatever hides what does not fit, up to the page; what scrolls shows it after all.
        let inScroller = false;
        for (let at = parent; at !== null; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (at.closest('svg') && style.clipPath !== 'none') {
                problems.push(`${named(line.text)} is inside a clip of ${name(at)}`);
            }
            if (scrolls(at)) {
                inScroller = true;
                const box = at.getBoundingClientRect();
                line.left = Math.max(line.left, box.left);
                line.right = Math.min(line.right, box.right);
                break;
            }
            const hides = /hidden|clip/.test(`${style.overflowX} ${style.overflowY}`);
            if (hides && style.display !== 'inline' && !(at instanceof SVGElement)) {
                const sides = past(at.getBoundingClientRect(), around);
                if (sides.length) {
                    problems.push(`${named(line.text)} is cut off at the ${sides} of ${name(at)}`);
                }
            }
        }
        // where its box is past the edge as well, that is told of the box
        const held = parent.getBoundingClientRect().right <= pageWidth + tolerance;
        if (!inScroller && held && past({ left: 0, right: pageWidth }, across).length) {
            problems.push(`${named(line.text)} is past the edge of the page`);
        }
    }

    // Overlaps, from the top down: only lines that have not ended can meet the next one.
    const shown = lines.filter((line) => line.left < line.right).sort((a, b) => a.top - b.top);
    let open = [];
    for (const line of shown) {
        open = open.filter((other) => other.bottom - tolerance > line.top);
        for (const other of open) {
            const width = Math.min(line.right, other.right) - Math.max(line.left, other.left);
            const height = Math.min(line.bottom, other.bottom) - line.top;
            if (width > tolerance && height > tolerance) {
                const by = `${width.toFixed(1)} × ${height.toFixed(1)} px`;
                problems.push(`${named(other.text)} and ${named(line.text)} overlap by ${by}`);
            }
        }
        open.push(line);
    }

    // Boxes wider than what holds them.
    if (document.documentElement.scrollWidth > pageWidth) {
        const wide = document.documentElement.scrollWidth;
        problems.push(`the page is ${wide} px wide, and the window ${pageWidth} px`);
    }
    for (const element of document.body.querySelectorAll('*')) {
        if (element instanceof SVGElement && element.localName !== 'svg') continue;
        if (!seen(element) || forReaders(element)) continue;
        let scroller = element.parentElement;
        while (scroller !== null && !scrolls(scroller)) scroller = scroller.parentElement;
        const out = (box) => box.right > pageWidth + tolerance;
        const { parentElement } = element;
        if (scroller === null && out(element.getBoundingClientRect()) &&
            !out(parentElement.getBoundingClientRect())) {
            problems.push(`${name(element)} reaches past the edge of the page`);
        }
        // What a box holds may stand out of it on purpose: by a negative margin, or placed there.
        const style = getComputedStyle(element);
        const meant = Number.parseFloat(style.marginRight) < 0 || style.position !== 'static';
        const past = element.getBoundingClientRect().right -
            parentElement.getBoundingClientRect().right;
        const inline = getComputedStyle(parentElement).display === 'inline';
        if (!meant && !inline && !scrolls(parentElement) && past > 1) {
            problems.push(`${name(element)} is ${past.toFixed(1)} px wider than ` +
                name(parentElement));
        }
    }
    return problems;
}

/** What a page without script, and without a network, must not have; and links that lead nowhere. */
export function structureProblems() {
    const problems = [];
    for (const script of document.querySelectorAll('script')) {
        problems.push(`it has a script: ${script.outerHTML.slice(0, 60)}`);
    }
    for (const element of document.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
            if (/^on/.test(name)) problems.push(`<${element.localName}> has a script in ${name}`);
            const loads = /^(src|srcset|poster|background|data)$/.test(name) ||
                (/href$/.test(name) && !/^(a|area)$/.test(element.localName));
            if (loads && element.localName !== 'data' && !/^(#|data:)/.test(value)) {
                problems.push(`<${element.localName}> loads ${value.slice(0, 80)}`);
            }
        }
    }
    const styles = [...document.querySelectorAll('style')].map((style) => style.textContent);
    const inline = [...document.querySelectorAll('[style]')].map((e) => e.getAttribute('style'));
    for (const text of [...styles, ...inline]) {
        for (const [found] of text.matchAll(/@import|url\(\s*["']?(?!#|data:)[^)]{0,60}/g)) {
            problems.push(`a style loads ${found}`);
        }
    }
    for (const link of document.querySelectorAll('a[href^="#"]')) {
        const id = decodeURIComponent(link.getAttribute('href').slice(1));
        if (document.getElementById(id) === null) problems.push(`the link to #${id} leads nowhere`);
    }
    return problems;
}

/** The numbers that the page marks as those of a table. */
export function markedNumbers() {
    return [...document.querySelectorAll('data[data-file]')].map((element) => ({
        value: element.getAttribute('value') ?? '',
        file: element.dataset.file,
        row: element.dataset.row ?? '',
        column: element.dataset.column ?? '',
        text: element.textContent.trim(),
        visible: element.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
    }));
}

/** Links of the page to files beside it. */
export function linkedFiles() {
    return [...document.querySelectorAll('a[href]')]
        .map((link) => link.getAttribute('href'))
        .filter((target) => !/^(#|[a-z]+:)/i.test(target))
        .map((target) => decodeURIComponent(target.replace(/[#?].*/, '')));
}
