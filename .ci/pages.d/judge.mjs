// One page judged: in every view, by the validator, and by its folder's tables.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { open, VIEWS } from './browser.mjs';
import { contrastProblems, crossedTexts, fontProblems } from './drawing.mjs';
import { layoutProblems, linkedFiles, markedNumbers, structureProblems } from './layout.mjs';
import { checkNumbers } from './tables.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Least size of a letter on the screen, px; on paper, where wide drawings shrink, 6 pt. */
const SMALLEST = { screen: 10, paper: 8 };

/** Most bytes of a page: what a mail takes, and a phone opens at once. */
const SIZE_MAX = 3_000_000;

/** Parts of a pixel that rounding may take. */
const TOLERANCE = 0.5;

const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
        // a table laid out as cards loses its meaning unless the roles say it again
        'no-redundant-role': 'off',
        // lengths of bars stand where the bars are
        'no-inline-style': 'off',
        // one file without script, written by a program: its size counts, its looks do not
        'long-title': 'off',
    },
});

/** What the validator has to say about the text of a page. */
export function markupProblems(html) {
    const report = validator.validateStringSync(html);
    return report.results.flatMap((result) => result.messages)
        .map((found) => `${found.line}:${found.column} ${found.ruleId}: ${found.message}`);
}

/** What the accessibility checker finds in an open page. */
async function accessProblems(tab, which) {
    await tab.evaluate(AXE);
    const runOnly = which === 'all' ? { type: 'tag', values: AXE_TAGS }
        : { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
    const violations = await tab.evaluate(
        async (options) => (await globalThis.axe.run(document, options)).violations,
        { runOnly, resultTypes: ['violations'] },
    );
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) =>
        `axe ${id}: ${help}: ${node.html.slice(0, 120)}: ` +
        [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ')));
}

/** A background that is not light, on paper. */
async function paperProblems(tab) {
    const light = await tab.evaluate(() => {
        const [red, green, blue, alpha = 1] =
            getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
        return alpha === 0 || Math.min(red, green, blue) > 240;
    });
    const unfolded = await tab.evaluate(() =>
        [...document.querySelectorAll('summary, nav')].some((element) => element.checkVisibility()));
    return [
        ...(light ? [] : ['paper is printed dark']),
        ...(unfolded ? ['paper shows navigation, or folds'] : []),
    ];
}

/** Each fold of the page opens on a click, and closes on the next. */
async function foldProblems(tab) {
    const problems = [];
    for (const summary of await tab.$$('details > summary')) {
        if (!(await summary.isVisible())) continue;
        const isOpen = () => summary.evaluate((element) => element.parentElement.open);
        const before = await isOpen();
        await summary.click();
        const between = await isOpen();
        await summary.click();
        if (before === between || (await isOpen()) !== before) {
            const text = await summary.evaluate((element) => element.textContent.trim());
            problems.push(`the fold “${text}” does not open and close`);
        }
    }
    return problems;
}

/** What is wrong in one view: with the folds as they are, and then all open. */
async function viewProblems(tab, view, tables) {
    const smallest = view.paper ? SMALLEST.paper : SMALLEST.screen;
    const layout = () => tab.evaluate(layoutProblems, { smallest, tolerance: TOLERANCE });
    const problems = await layout();
    problems.push(...(await tab.evaluate(crossedTexts)));
    if (view.paper) return [...problems, ...(await paperProblems(tab))];
    if (tables !== null) {
        problems.push(...checkNumbers(await tab.evaluate(markedNumbers), tables));
    }
    if (view.scriptless) problems.push(...(await foldProblems(tab)));
    await tab.evaluate(() => {
        for (const fold of document.querySelectorAll('details')) fold.open = true;
    });
    const known = new Set(problems);
    const more = (await layout()).filter((problem) => !known.has(problem));
    problems.push(...more.map((problem) => `unfolded: ${problem}`));
    if (view.axe) {
        problems.push(...(await accessProblems(tab, view.axe)));
        problems.push(...(await tab.evaluate(contrastProblems)));
    }
    return problems;
}

/**
 * Everything wrong with the page `file`, as a map from each sentence to the places where it is so.
 * `tables` are those of its folder, or null where only its looks are asked for.
 */
export async function judge(browser, file, tables, views = VIEWS) {
    const found = new Map();
    const add = (where, problems) => {
        for (const problem of new Set(problems)) {
            found.set(problem, [...(found.get(problem) ?? []), where]);
        }
    };
    const html = readFileSync(file, 'utf8');
    add('markup', markupProblems(html));
    const size = Buffer.byteLength(html);
    if (SIZE_MAX < size) add('structure', [`it has ${size} bytes, and may have ${SIZE_MAX}`]);
    const structure = await open(browser, file, { width: 1280 }, async (tab) => {
        const gone = (await tab.evaluate(linkedFiles))
            .filter((target) => !existsSync(join(dirname(file), target)));
        return [
            ...(await fontProblems(tab)),
            ...(await tab.evaluate(structureProblems)),
            ...gone.map((target) => `the link to the file ${target} leads nowhere`),
        ];
    });
    add('structure', [...structure.noise, ...structure.answer]);
    for (const view of views) {
        const { noise, answer } = await open(browser, file, view,
            (tab) => viewProblems(tab, view, tables));
        add(view.name, [...noise, ...answer]);
    }
    return found;
}
