// Judges the pages of output folders in a real browser.
//
//   node check.mjs FOLDER…           each folder's report.html, its numbers by its tables
//   node check.mjs --looks FILE…     pages without tables: a drawing of how a page should look
//   node check.mjs --self-test       pages broken on purpose: each fault has to be found

import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { inTurn, launch, VIEWS } from './browser.mjs';
import { judge } from './judge.mjs';
import { selfTest } from './self-test.mjs';
import { readTables } from './tables.mjs';

/** Problems told of one page; the rest is counted. */
const TOLD = Number(process.env.PAGES_TOLD ?? 40);

/** Judges one page and says so, in a line where all is well. Returns whether it is. */
async function tell(browser, name, file, tables) {
    if (!existsSync(file)) {
        console.log(`${name}: there is no ${basename(file)}`);
        return false;
    }
    const begun = Date.now();
    const found = await judge(browser, file, tables());
    const size = `${Math.round(statSync(file).size / 1024)} KiB`;
    const took = `${((Date.now() - begun) / 1000).toFixed(1)} s`;
    if (found.size === 0) {
        console.log(`${name}: ${size}, ${VIEWS.length} views, nothing wrong (${took})`);
        return true;
    }
    const lines = [...found].map(([problem, places]) =>
        `    ${places.length === VIEWS.length ? 'all views' : places.join('; ')}: ${problem}`);
    const rest = lines.length - TOLD;
    console.log([`${name}: ${size}, WRONG (${took})`, ...lines.slice(0, TOLD),
        ...(rest > 0 ? [`    and ${rest} more`] : [])].join('\n'));
    return false;
}

async function main(args) {
    const looks = args[0] === '--looks';
    const pages = (looks ? args.slice(1) : args).map((path) => looks
        ? { name: path, file: path, tables: () => null }
        : {
            name: basename(path),
            file: join(path, 'report.html'),
            tables: () => readTables(path),
        });
    if (args.length === 0 || (looks && pages.length === 0)) {
        throw new Error('say which folders, or --looks FILE…, or --self-test');
    }
    const browser = await launch();
    try {
        if (args[0] === '--self-test') return await selfTest(browser);
        let right = 0;
        await inTurn(pages, availableParallelism(), async (page) => {
            const isRight = await tell(browser, page.name, page.file, page.tables);
            right += isRight ? 1 : 0; // after the wait: pages are judged side by side
        });
        console.log(`${right} of ${pages.length} pages are as they should be`);
        return right === pages.length;
    } finally {
        await browser.close();
    }
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
