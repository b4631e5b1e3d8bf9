// The tables of an output folder, and the numbers of a page held against them.
//
// A page marks each number it takes from a table:
//   <data value="0.9978" data-file="targets.csv" data-row='["0","databases"]'
//         data-column="share">99.78 %</data>
// `value` is the field's own text; `data-row` names the row by its key columns, as JSON.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The columns that name a row of each table. */
const KEYS = {
    'targets.csv': ['point', 'target'],
    'summary.csv': ['point', 'scope', 'measure'],
    'promises.csv': ['point', 'target', 'scope', 'application'],
    'confirmed.csv': ['point', 'target'],
    'differences.csv': ['kind', 'scope', 'measure'],
};

/** Columns of a target that its page has to show, where they are not empty. */
const ANSWER = ['share', 'low_95', 'high_95', 'verdict'];

/** The records of a CSV text (RFC 4180), each a list of fields. */
export function records(text) {
    const all = [];
    let record = [];
    const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
    while (field.lastIndex < text.length) {
        const found = field.exec(text);
        if (found === null) throw new Error(`no CSV from byte ${field.lastIndex} on`);
        record.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
        if (found[3] === ',') continue;
        all.push(record);
        record = [];
    }
    return all;
}

/** A table: its rows as objects, and by key. */
function table(text, keys) {
    const [header, ...lines] = records(text);
    const rows = lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i]])));
    const byKey = new Map(rows.map((row) => [rowName(keys.map((key) => row[key])), row]));
    return { rows, byKey };
}

const rowName = (key) => JSON.stringify(key.map(String));

/** Those tables of the output folder `dir` that a page may quote, and that are there. */
export function readTables(dir) {
    const read = ([file, keys]) => [file, table(readFileSync(join(dir, file), 'utf8'), keys)];
    const there = Object.entries(KEYS).filter(([file]) => existsSync(join(dir, file)));
    return Object.fromEntries(there.map(read));
}

const SECONDS = { ms: 1e-3, s: 1, min: 60, h: 3600, day: 86_400, days: 86_400 };
const PREFIX = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 };
const BYTES = Object.fromEntries(Object.entries(PREFIX).map(([name, n]) => [`${name}B`, n]));
const RATES = Object.fromEntries(Object.entries(BYTES).map(([name, n]) => [`${name}/s`, n]));

/** What one of each unit is worth in the table, by the table's unit. A unit may be left off. */
const UNITS = {
    share: { '%': 0.01, point: 0.01, points: 0.01, '': 0.01 },
    s: { ...SECONDS, '': 1 },
    B: BYTES,
    'B/s': RATES,
    USD: { USD: 1 },
    count: { copies: 1, requests: 1, snapshots: 1, '': 1 },
};

/** The unit of a field: of the row, where it has one; otherwise its column's name says it. */
function unitOf(row, column) {
    if (['copies', 'requests', 'snapshots'].includes(row.unit)) return 'count';
    if (row.unit !== undefined) return row.unit in UNITS ? row.unit : 'count';
    if (column.endsWith('_s')) return 's';
    if (column.endsWith('_usd')) return 'USD';
    return /share|_95$/.test(column) ? 'share' : 'count';
}

/**
 * What a text says, in the table's unit, and by how much it may be off: half a unit of the last
 * digit that it shows. `bound` is `>` or `<` where it says only that. Null where it is no number.
 */
export function parseShown(text, unit) {
    let rest = text.replace(/[\u00a0\u2009\u202f]/g, ' ').replaceAll('\u2212', '-').trim();
    const bound = /^[<>]/.exec(rest)?.[0] ?? null;
    rest = rest.replace(/^(?:[<>≤≥+]|at least|at most|about)\s*/, '');
    const clock = unit === 's' && /^(\d+):([0-5]\d)$/.exec(rest);
    if (clock) return { value: 60 * clock[1] + Number(clock[2]), off: 0.5, bound };
    const worth = UNITS[unit];
    let value = 0;
    let off = 0;
    let last = Infinity; // parts come in falling order: 3 h 05 min
    const part = /(-?\d{1,3}(?:,\d{3})+|-?\d+)(?:\.(\d+))? ?([A-Za-z%/]*)(?: |$)/y;
    while (part.lastIndex < rest.length) {
        const found = part.exec(rest);
        const one = found && worth[found[3]];
        if (one === null || one === undefined || last <= one) return null;
        if (last !== Infinity && unit !== 's') return null;
        last = one;
        value += Number(`${found[1].replaceAll(',', '')}.${found[2] ?? 0}`) * one;
        // whole hours are written without their minutes
        off = one === SECONDS.h && unit === 's' ? 30 : 0.5 * 10 ** -(found[2]?.length ?? 0) * one;
    }
    return last === Infinity ? null : { value, off, bound };
}

/** What is wrong with `text` as a reading of `value`, or null. */
function misread(text, value, unit) {
    const shown = parseShown(text, unit);
    if (shown === null) return `“${text}” is no number of unit ${unit}`;
    const exact = Number(value);
    // the interval of texts that round to what is shown, and a hair for floating point
    const slack = shown.off + 1e-9 * Math.abs(exact);
    const holds =
        shown.bound === '>' ? shown.value - slack <= exact
        : shown.bound === '<' ? exact <= shown.value + slack
        : Math.abs(shown.value - exact) <= slack;
    return holds ? null : `“${text}” is not ${value} ${unit === 'count' ? '' : unit}`.trimEnd();
}

/** What is wrong with one marked number, or null. */
function wrong(mark, tables) {
    const source = tables[mark.file];
    if (source === undefined) return `data-file “${mark.file}” is none of ${Object.keys(KEYS)}`;
    let key;
    try {
        key = rowName(JSON.parse(mark.row));
    } catch {
        return `data-row “${mark.row}” is no JSON array`;
    }
    const row = source.byKey.get(key);
    if (row === undefined) return `${mark.file} has no row ${key}`;
    const field = row[mark.column];
    const place = `${mark.file} ${key} ${mark.column}`;
    if (field === undefined) return `${mark.file} has no column “${mark.column}”`;
    if (field !== mark.value) {
        return `${place} is “${field}”, and the page's value “${mark.value}”`;
    }
    if (field === '') return /\d/.test(mark.text) ? `${place} is empty, not “${mark.text}”` : null;
    if (Number.isNaN(Number(field))) {
        const said = mark.text.replaceAll('\u00a0', ' ').toLowerCase();
        if (said.includes(field.toLowerCase())) return null;
        return `${place} is “${field}”, not “${mark.text}”`;
    }
    const problem = misread(mark.text, field, unitOf(row, mark.column));
    return problem && `${place}: ${problem}`;
}

/**
 * What is missing of the answer: of one design point, every target with its share, the ends of its
 * interval, and its verdict. Of a sweep's points it is the one that misses least.
 */
function unanswered(shown, rows) {
    const missing = new Map(rows.map((row) => [row.point, []]));
    for (const row of rows) {
        const key = rowName(KEYS['targets.csv'].map((name) => row[name]));
        for (const column of ANSWER) {
            if (row[column] !== '' && !shown.has(`${key} ${column}`)) {
                const field = `“${row[column]}”`;
                missing.get(row.point).push(`targets.csv ${key} ${column}: ${field} is not on the page`);
            }
        }
    }
    return [...missing.values()].sort((a, b) => a.length - b.length)[0] ?? [];
}

/**
 * Problems of the numbers that a page marks: `marks` are its data elements as
 * {value, file, row, column, text, visible}.
 */
export function checkNumbers(marks, tables) {
    const problems = marks.map((mark) => wrong(mark, tables)).filter((problem) => problem !== null);
    const shown = new Set();
    for (const mark of marks.filter((mark) => mark.visible && mark.file === 'targets.csv')) {
        try {
            shown.add(`${rowName(JSON.parse(mark.row))} ${mark.column}`);
        } catch {
            // told above
        }
    }
    if (tables['targets.csv'] !== undefined) {
        problems.push(...unanswered(shown, tables['targets.csv'].rows));
    } else if (tables['differences.csv'] === undefined) {
        problems.push('its folder has neither targets.csv nor differences.csv');
    }
    // a run of flows alone has no fleets, and so nothing but sums
    const fleets = tables['summary.csv']?.rows.some((row) => row.scope !== 'all');
    if (fleets && !marks.some((mark) => mark.file === 'summary.csv')) {
        problems.push('no number of summary.csv is marked on the page');
    }
    return problems;
}
