// A check that cannot fail is a defect: small pages, each broken in one way, and what has to be
// found on it; and the page as it was, on which nothing may be found.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn, VIEWS } from './browser.mjs';
import { judge } from './judge.mjs';
import { parseShown, readTables, records } from './tables.mjs';

const TARGETS = `point,target,kind,promised_share,share,low_95,high_95,bound_95,worst_s,verdict,n_missed
0,"databases: RPO 2 h, 99.9 %",rpo,0.999,0.99784,0.9973,0.99838,,12265.5,not sure,22146
0,all of them,copy,0.95,1,,,0.9,95.7,yes,0
1,all of them,copy,0.95,0.5,0.4,0.6,,95.7,no,9
`;

const PROMISES = `point,target,scope,application,share
0,all of them,files → us-west-2,,0.5
`;

const SUMMARY = `point,scope,measure,unit,mean,low_95,high_95
0,files,completion_mean,s,1176.04,1170,1182
0,all,completion_mean,s,1176.04,1170,1182
0,all,surcharge,USD,5790.4,5700,5900
0,all,moved,B,138941800000,1,2
`;

const number = (file, row, column, value, text) =>
    `<data value="${value}" data-file="${file}" data-row='${JSON.stringify(row)}' ` +
    `data-column="${column}">${text}</data>`;
const target = (...rest) => number('targets.csv', ['0', 'databases: RPO 2 h, 99.9 %'], ...rest);
const other = (...rest) => number('targets.csv', ['0', 'all of them'], ...rest);
const PROMISE = ['0', 'all of them', 'files → us-west-2', ''];
const measure = (name, ...rest) => number('summary.csv', ['0', 'all', name], ...rest);

const DRAWING = (texts, more = '') => `<svg class="chart" viewBox="0 0 300 80" width="300"
height="80" role="img" aria-label="A drawing"><g aria-hidden="true"><text x="20" y="40">halo</text>
</g>${texts}${more}</svg>`;
const TEXTS = '<path d="M30 20V45" stroke="#000" fill="none"/>' + // crosses what has a halo
    '<text x="20" y="40">halo</text><text x="20" y="53">below it</text>';

/** A page on which nothing is wrong. */
const GOOD = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Will it arrive?</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body{margin:20px;background:#fff;color:#1a1d21;font:16px/1.5 Arial,"Liberation Sans",Arimo}
svg text{font-size:12px;fill:currentColor}.scroll{overflow-x:auto}.wide{width:2000px}
.out{margin:0 -20px;padding:0 20px}a{color:inherit}
@media screen and (prefers-color-scheme:dark){body{background:#14171a;color:#e8eaed}}
@media print{nav,details{display:none}.scroll{overflow:visible}.wide{width:auto}}
</style></head><body><header><nav aria-label="Sections"><a href="#why">Why</a></nav>
<h1>Will it arrive?</h1></header><main>
<p>${target('verdict', 'not sure', 'Not sure')}: ${target('share', '0.99784', '99.78 %')}
(${target('low_95', '0.9973', '99.73')}–${target('high_95', '0.99838', '99.84 %')}), worst
${target('worst_s', '12265.5', '3 h 24 min')}, ${target('n_missed', '22146', '22,146')} late.</p>
<p>${other('verdict', 'yes', 'Yes')}: ${other('share', '1', '100 %')}, no interval
${other('low_95', '', '–')}.</p>
<p>Files: ${number('promises.csv', PROMISE, 'share', '0.5', '50.0 %')}.</p>
<p>A copy takes ${measure('completion_mean', 'mean', '1176.04', '19.6 min')}, costs
${measure('surcharge', 'mean', '5790.4', '5,790 USD')}, moves
${measure('moved', 'mean', '138941800000', '129.4 GiB')}.</p>
<h2 id="why">Why</h2>${DRAWING(TEXTS)}
<section class="scroll" tabindex="0" aria-label="A wide table"><p class="wide">Wide</p></section>
<p class="out">This stands out on both sides on purpose.</p>
<details><summary>Numbers</summary><p>Folded</p></details></main></body></html>
`;

const put = (from, to) => {
    if (!GOOD.includes(from)) throw new Error(`the good page has no ${from}`);
    return GOOD.replace(from, to);
};
const body = (html) => put('</main>', `${html}</main>`);
const style = (css) => put('</style>', `${css}</style>`);
const drawing = (more) => put(DRAWING(TEXTS), DRAWING(TEXTS, more));
const narrow = (css) => style(`@media screen and (max-width:500px){${css}}`);

/** Faults: name, page, view in which each shows, what has to be said of it. */
const FAULTS = [
    ['texts that overlap', drawing('<text x="30" y="44">over it</text>'), '1280 px, light',
        /“halo” and “over it” overlap/],
    ['texts that overlap when narrow', narrow('svg text+text{transform:translateY(-8px)}'),
        '400 px, light', /“halo” and “below it” overlap/],
    ['texts of two elements that overlap', style('h2{margin-top:-30px}'), '1280 px, light',
        /overlap/],
    ['text cut at the right', drawing('<text x="280" y="20">cut off</text>'), '400 px, light',
        /“cut off” is past the right of its drawing/],
    ['text cut at the top', drawing('<text x="90" y="6">cut off</text>'), '1280 px, dark',
        /“cut off” is past the top of its drawing/],
    ['text in a clip', drawing('<clipPath id="c"><path d="M0 0h9v9z"/></clipPath>' +
        '<g clip-path="url(#c)"><text x="90" y="20">clipped</text></g>'), '1280 px, light',
        /“clipped” is inside a clip/],
    ['a line through a text', drawing('<text x="90" y="20">crossed</text>' +
        '<path d="M100 0V70" stroke="#000" fill="none"/>'), '1280 px, dark',
        /“crossed” has a line through it/],
    ['a page too large', body(`<!-- ${'x'.repeat(3_000_000)} -->`), null, /it has 300\d+ bytes/],
    ['small text', drawing('<text x="90" y="20" style="font-size:9px">small</text>'),
        '1280 px, light', /“small” is 9.0 px small/],
    ['text made small by a drawing that shrinks', narrow('svg{width:200px}'), '400 px, light',
        /is 8.0 px small/],
    ['text hidden past its box', body('<p style="width:60px;overflow:hidden;white-space:nowrap">' +
        'This does not fit</p>'), '1280 px, light', /“This does not fit” is cut off at the right/],
    ['text wider than its box', body('<p style="width:60px;white-space:nowrap">This does not fit' +
        '</p>'), '800 px, light', /“This does not fit” is wider than its <p>/],
    ['a box past the edge when narrow', body('<div style="width:500px">Wide</div>'),
        '400 px, light', /the page is \d+ px wide, and the window 400 px/],
    ['a box wider than its section', body('<section style="width:90px"><div style="width:120px">' +
        'x</div></section>'), '1280 px, light', /<div> is 30.0 px wider than <section>/],
    ['a fold whose content overlaps', style('details p{margin-top:-24px}'), '1280 px, light',
        /unfolded: .*“Numbers” and “Folded” overlap/],
    ['a word on the console', body('<script>console.warn("hear, hear")</script>'),
        '1280 px, light', /console: warn\w*: hear, hear/],
    ['an error', body('<script>missing()</script>'), '1280 px, light', /missing is not defined/],
    ['a script', body('<script>1</script>'), null, /it has a script/],
    ['a handler', body('<p onclick="1">x</p>'), null, /<p> has a script in onclick/],
    ['a picture from elsewhere', body('<img alt="x" src="https://example.org/x.png">'),
        '1280 px, light', /it asks for https:\/\/example.org\/x.png/],
    ['a picture that loads late', body('<div style="height:9000px"></div>' +
        '<img loading="lazy" alt="x" src="x.png">'), null, /<img> loads x.png/],
    ['a style from beside', style('@media (color){p{background:url(x.png)}}'), null,
        /a style loads url\(x.png/],
    ['a link to nowhere', put('href="#why"', 'href="#when"'), null, /#when leads nowhere/],
    ['a link to no file', body('<p><a href="gone.csv">gone</a></p>'), null,
        /the file gone.csv leads nowhere/],
    ['a fold that needs script', put('<summary>', '<summary style="pointer-events:none">'),
        '1280 px, no script', /the fold “Numbers” does not open/],
    ['paper in the dark', put('@media screen and (prefers', '@media (prefers'),
        'paper, from the dark', /paper is printed dark/],
    ['navigation on paper', put('nav,details{display:none}', 'details{display:none}'),
        'paper, from the dark', /paper shows navigation/],
    ['invalid HTML', body('<p><div>x</div></p>'), null, /markup: .*close-order|markup: .*permitted/],
    ['an id twice', body('<p id="why">x</p>'), null, /no-dup-id/],
    ['a page without a language', put(' lang="en"', ''), '1280 px, light', /axe html-has-lang/],
    ['grey on white', body('<p style="color:#aaa">faint</p>'), '400 px, light',
        /axe color-contrast/],
    ['black on black in the dark', body('<p style="color:#333">faint</p>'), '1280 px, dark',
        /axe color-contrast/],
    ['grey on white in a drawing', drawing('<text x="90" y="20" fill="#aaa" style="fill:#aaa">' +
        'faint</text>'), '1280 px, light', /“faint” stands out by 2.3\d : 1/],
    ['white on yellow in a drawing', drawing('<rect x="80" y="6" width="90" height="20" ' +
        'fill="#f0e442"/><text x="90" y="20" style="fill:#fff">in a bar</text>'), '400 px, dark',
        /“in a bar” stands out by 1.3\d : 1/],
    ['a letter that Arial does not have', body('<p>\u{1f98b}</p>'), null,
        /no font has the letter “🦋”|1 letters of the page are not/],
    ['a name broken in a title', body('<h2 style="width:190px">Copies to eu-central-1</h2>'),
        '1280 px, light', /“eu-central-1” is broken over 2 lines/],
    ['a unit broken', body('<p style="width:40px;overflow-wrap:anywhere">40 Mbit/s</p>'),
        '1280 px, light', /“Mbit\/s” is broken over 2 lines/],
    ['a heading that skips a level', body('<h4>Too deep</h4>'), '400 px, light',
        /axe heading-order/],
    ['a value that is not the field', put('value="0.99784"', 'value="0.9978"'), '1280 px, light',
        /share is “0.99784”, and the page's value “0.9978”/],
    ['a text that is not the value', put('99.78 %', '99.79 %'), '1280 px, light',
        /“99.79 %” is not 0.99784/],
    ['a text off by a unit', put('19.6 min', '19.6 h'), '1280 px, light',
        /“19.6 h” is not 1176.04 s/],
    ['a duration off by a minute', put('3 h 24 min', '3 h 25 min'), '1280 px, light',
        /“3 h 25 min” is not 12265.5 s/],
    ['a promise off', put('50.0 %', '50.1 %'), '1280 px, light', /promises.csv .* is not 0.5/],
    ['a count off by one', put('22,146', '22,147'), '1280 px, light', /“22,147” is not 22146/],
    ['bytes in powers of ten', put('129.4 GiB', '138.9 GiB'), '1280 px, light',
        /“138.9 GiB” is not 138941800000/],
    ['a number where the field is empty', put('>–</data>', '>0 %</data>'), '1280 px, light',
        /low_95 is empty, not “0 %”/],
    ['the wrong verdict', put('>Not sure<', '>Yes<'), '1280 px, light',
        /verdict is “not sure”, not “Yes”/],
    ['a row that is not there', put('completion_mean', 'completion_median'), '1280 px, light',
        /summary.csv has no row/],
    ['a file that is no table', put('data-file="summary.csv"', 'data-file="sum.csv"'),
        '1280 px, light', /data-file “sum.csv” is none of/],
    ['a target left out', put(other('verdict', 'yes', 'Yes'), 'Yes'), '1280 px, light',
        /all of them.* verdict: “yes” is not on the page/],
    ['an answer hidden when narrow', narrow('main p{display:none}'), '400 px, light',
        /targets.csv .* share: .* is not on the page/],
    ['no number of the summary', GOOD.replaceAll(/<data[^>]*summary.csv[^>]*>/g, '<data value="1">'),
        '1280 px, light', /no number of summary.csv/],
];

/** Readings of numbers: text, unit, what they say, by how much they may be off. */
const READINGS = [
    ['99.976 %', 'share', 0.99976, 0.000005],
    ['>99.999999999 %', 'share', 0.99999999999, 5e-12],
    ['3 h 05 min', 's', 11_100, 30],
    ['3 h', 's', 10_800, 30],
    ['44:52', 's', 2692, 0.5],
    ['47.8 min', 's', 2868, 3],
    ['12.5 days', 's', 1_080_000, 4320],
    ['at most 7 s', 's', 7, 0.5],
    ['\u22120.35 USD', 'USD', -0.35, 0.005],
    ['+0.031 points', 'share', 0.00031, 0.000005],
    ['+219.17 requests', 'count', 219.17, 0.005],
    ['2,000 MiB/s', 'B/s', 2000 * 2 ** 20, 2 ** 19],
];

/** Texts that are no number of a unit. */
const NO_READINGS = [['5 furlongs', 's'], ['', 's'], ['12 %', 's'], ['1 min 2 h', 's'],
    ['5 of 7', 'count'], ['1,5', 'count'], ['yes', 'share']];

/** Pages tried at once: small ones wait for the browser, not for the processor. */
const AT_ONCE = 4;

function readingProblems() {
    const problems = [];
    for (const [text, unit, value, off] of READINGS) {
        const shown = parseShown(text, unit);
        const close = (a, b) => Math.abs(a - b) <= 1e-9 * Math.abs(b);
        if (shown === null || !close(shown.value, value) || !close(shown.off, off)) {
            problems.push(`“${text}” reads as ${JSON.stringify(shown)}, not ${value} ± ${off}`);
        }
    }
    for (const [text, unit] of NO_READINGS) {
        if (parseShown(text, unit) !== null) problems.push(`“${text}” reads as a number of ${unit}`);
    }
    const read = JSON.stringify(records('a,"b ""c"", d"\n,\n'));
    if (read !== '[["a","b \\"c\\", d"],["",""]]') problems.push(`records read as ${read}`);
    return problems;
}

/** Tries every fault. Returns whether each was found, and nothing on the page without one. */
export async function selfTest(browser) {
    const dir = mkdtempSync(join(tmpdir(), 'pages-'));
    const failed = readingProblems();
    try {
        writeFileSync(join(dir, 'targets.csv'), TARGETS);
        writeFileSync(join(dir, 'promises.csv'), PROMISES);
        writeFileSync(join(dir, 'summary.csv'), SUMMARY);
        const tables = readTables(dir);
        let pages = 0;
        const told = async (html, views) => {
            pages += 1;
            const file = join(dir, `page-${pages}.html`);
            writeFileSync(file, html);
            const found = await judge(browser, file, tables, views);
            return [...found].map(([text, places]) => `${places.join('; ')}: ${text}`);
        };
        const good = await told(GOOD, VIEWS);
        failed.push(...good.map((text) => `on the page without a fault: ${text}`));
        await inTurn(FAULTS, AT_ONCE, async ([name, html, view, wanted]) => {
            // the accessibility checker is slow: it looks where it has to find something
            const views = VIEWS.filter((one) => one.name === view)
                .map((one) => (/axe |stands out/.test(wanted.source) ? one : { ...one, axe: null }));
            const found = await told(html, views);
            if (!found.some((text) => wanted.test(text))) {
                failed.push([`${name}: not found (${wanted}), but`, ...found].join('\n    '));
            }
        });
    } finally {
        rmSync(dir, { recursive: true });
    }
    for (const problem of failed) console.log(problem);
    console.log(failed.length === 0
        ? `the check finds all of ${FAULTS.length} faults, and none where there is none`
        : `the check FAILS at ${failed.length} of its own tests`);
    return failed.length === 0;
}
