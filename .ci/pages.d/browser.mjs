// A headless Chromium without a network, and a page in it seen in one way.

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

/** Paper of A4 less the margins of 13 mm that the pages ask for: 184 mm, in pixels of CSS. */
const PAPER = 695;

/**
 * The ways in which each page is looked at. `axe` says which accessibility rules are tried: all of
 * them once a width, and those about colour again in the dark, where only colours differ.
 */
export const VIEWS = [
    { name: '1280 px, light', width: 1280, axe: 'all' },
    { name: '1280 px, dark', width: 1280, dark: true, axe: 'colour' },
    { name: '800 px, light', width: 800 },
    { name: '400 px, light', width: 400, axe: 'all' },
    { name: '400 px, dark', width: 400, dark: true, axe: 'colour' },
    { name: '1280 px, no script', width: 1280, scriptless: true },
    { name: 'paper, from the dark', width: PAPER, dark: true, paper: true },
];

/** Starts the system's Chromium. */
export async function launch() {
    const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
    const executablePath = process.env.CHROMIUM ??
        names.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
    if (executablePath === undefined) throw new Error('there is no Chromium');
    const browser = await puppeteer.launch({
        executablePath,
        // No sandbox: a gate often runs as root in a container, and the pages are our own.
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars',
            '--force-color-profile=srgb', '--font-render-hinting=none'],
    });
    await checkFonts(browser);
    return browser;
}

/**
 * Layout is judged with the widths of Arial, which the pages are drawn for: ten letters m of
 * 100 px are 833 px wide in it, and in the free fonts of its measure.
 */
async function checkFonts(browser) {
    const tab = await browser.newPage();
    await tab.setContent('<span style="font:100px Arial,\'Liberation Sans\',Arimo">mmmmmmmmmm</span>');
    const width = await tab.$eval('span', (span) => span.getBoundingClientRect().width);
    await tab.close();
    if (Math.abs(width - 833) > 2) {
        throw new Error(`no font as wide as Arial: ten m are ${width} px, not 833; ` +
            'install fonts-liberation');
    }
}

/**
 * Opens `file` in a tab of its own, looked at as `view` says, and calls `look` with the tab. Returns
 * what the page asked for, said, or broke meanwhile, as sentences, and the answer of `look`.
 */
export async function open(browser, file, view, look) {
    const own = pathToFileURL(file).href;
    const tab = await browser.newPage();
    const noise = [];
    try {
        await tab.setRequestInterception(true);
        tab.on('request', (request) => {
            const url = request.url();
            if (url === own || url.startsWith('data:')) return request.continue();
            noise.push(`it asks for ${url.slice(0, 100)}`);
            return request.abort();
        });
        tab.on('console', (message) => noise.push(`console: ${message.type()}: ${message.text()}`));
        tab.on('pageerror', (error) => noise.push(`error: ${error.message}`));
        tab.on('dialog', (dialog) => {
            noise.push(`dialog: ${dialog.message()}`);
            return dialog.dismiss();
        });
        await tab.setOfflineMode(true);
        await tab.setViewport({ width: view.width, height: 900 });
        // in one order to the browser: of two, the second takes back the first
        const scheme = { name: 'prefers-color-scheme', value: view.dark ? 'dark' : 'light' };
        const session = await tab.createCDPSession();
        await session.send('Emulation.setEmulatedMedia',
            { media: view.paper ? 'print' : 'screen', features: [scheme] });
        if (view.scriptless) await tab.setJavaScriptEnabled(false);
        await tab.goto(own, { waitUntil: 'load' });
        const answer = await look(tab);
        return { noise: [...new Set(noise)], answer };
    } finally {
        await tab.close();
    }
}

/** Does `work` for each of `things` in their order, so many at once. */
export async function inTurn(things, atOnce, work) {
    const waiting = [...things];
    const worker = async () => {
        while (waiting.length) await work(waiting.shift());
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
}
