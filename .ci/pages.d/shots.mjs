// Pictures of a page as people see it: `node shots.mjs FILE DIR [VIEW…]`.
//
// Writes DIR/NAME-WIDTH-SCHEME.png for both widths and schemes, the whole page each, and
// DIR/NAME-paper.pdf, where NAME is the folder of the file. With views (`1280-light`), only those.
// `top` behind a view (`1280-light-top`) keeps the first 900 px alone: what opens first.

import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { launch, open } from './browser.mjs';

const ALL = ['1280-light', '1280-dark', '400-light', '400-dark', 'paper'];

const [file, dir, ...asked] = process.argv.slice(2);
if (file === undefined || dir === undefined) throw new Error('say which page, and where to');
mkdirSync(dir, { recursive: true });
const name = basename(dirname(resolve(file)));
const browser = await launch();
try {
    for (const which of asked.length ? asked : ALL) {
        const [width, scheme, part] = which.split('-');
        const paper = which === 'paper';
        const view = paper
            ? { width: 695, paper }
            : { width: Number(width), dark: scheme === 'dark' };
        await open(browser, file, view, async (tab) => {
            const path = join(dir, `${name}-${which}.${paper ? 'pdf' : 'png'}`);
            if (paper) await tab.pdf({ path, format: 'A4', preferCSSPageSize: true, printBackground: true });
            else await tab.screenshot({ path, fullPage: part !== 'top' });
            console.log(path);
        });
    }
} finally {
    await browser.close();
}
