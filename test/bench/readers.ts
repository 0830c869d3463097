/**
 * `npm run bench -- readers [--large] [--only NAME]` writes made-up files into a temporary folder, and measures time and
 * memory of inspecting each and of reading it for training, each in its own process: tables of 100 MB (500 MB with
 * `--large`), the table of texts as Parquet and packed with gzip (100 MB of content), a text of 50 MB in one line, and
 * JSON Lines with a cell of 4 MB. On a busy machine, the time of the
 * processor says more than that of the clock.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import * as z from 'zod';
import { loadCorpus } from '../../src/data/corpus.ts';
import { inspectDataSet } from '../../src/data/inspect/inspectDataSet.ts';
import { readLabeledTable } from '../../src/data/labeled/fastText.ts';
import { labeledTexts } from '../../src/data/labeled/labeledTexts.ts';
import { readSeries } from '../../src/data/numeric/readSeries.ts';
import { Random } from '../oracle/random.ts';

/** A made-up file. */
interface MadeUp {
  readonly file: string;
  /** Size in MB of files that are not as large as `--large` says. */
  readonly megabytes?: number;
  /** Writes a file of the same content in another format. */
  readonly convert?: (from: string, to: string) => Promise<void>;
  /** Parts of the file without end. */
  readonly parts: () => Iterable<string>;
  /** Reads it as training does. @returns number of items */
  readonly read: (path: string) => Promise<number>;
}

const WORDS = 'a the of river boat lamp quiet market answer window early bread seven letter north stone'.split(' ');
const LABELS = ['good', 'bad', 'neither'];
const HOUR = 3_600_000;
const LONG_CELL = 4e6;

function* texts(): Iterable<string> {
  yield 'id,text,label\n';
  for (let row = 1, random = new Random(1); ; row++) yield `${row},"${sentence(random)}",${LABELS[row % 3]}\n`;
}

function* numbers(): Iterable<string> {
  yield 'time;load;temperature;wind\n';
  for (let row = 0, random = new Random(2); ; row++) {
    const values = [1000, 30, 12].map((range) => (range * random.next()).toFixed(2).replace('.', ','));
    yield `${new Date(Date.UTC(1990) + row * HOUR).toISOString().slice(0, 16).replace('T', ' ')};${values.join(';')}\n`;
  }
}

function* oneLine(): Iterable<string> {
  for (const random = new Random(3); ;) yield `${sentence(random)}; `;
}

function* objects(): Iterable<string> {
  const long = 'a long cell, '.repeat(LONG_CELL / 13);
  for (let row = 0, random = new Random(4); ; row++)
    yield `${JSON.stringify({ text: row === 1000 ? long : sentence(random), label: LABELS[row % 3] })}\n`;
}

function sentence(random: Random): string {
  const word = () => WORDS[Math.floor(random.next() * WORDS.length)];
  return Array.from({ length: 12 }, word).join(' ');
}

/** Packs a file with gzip. */
async function toGzip(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createGzip(), createWriteStream(to));
}

/** Writes a table of texts as Parquet with Snappy, in groups of 100,000 rows. */
async function toParquet(from: string, to: string): Promise<void> {
  const { columns, rows } = await readLabeledTable({ kind: 'file', path: from });
  const columnData = columns.map((name, column) => ({
    name,
    data: Array.from({ length: rows.length }, (_, row) =>
      column === 0 ? Number(rows.cell(row, 0)) : rows.cell(row, column),
    ),
    type: column === 0 ? ('INT32' as const) : ('STRING' as const),
  }));
  await writeFile(to, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 100_000 })));
}

async function readLabeled(path: string): Promise<number> {
  return labeledTexts(await readLabeledTable({ kind: 'file', path })).items.length;
}

const cases: Readonly<Record<string, MadeUp>> = {
  texts: { file: 'texts.csv', parts: texts, read: readLabeled },
  'texts as Parquet': { file: 'texts.parquet', megabytes: 100, parts: texts, convert: toParquet, read: readLabeled },
  'texts packed with gzip': { file: 'texts.csv.gz', megabytes: 100, parts: texts, convert: toGzip, read: readLabeled },
  numbers: {
    file: 'numbers.csv',
    parts: numbers,
    read: async (path) => (await readSeries({ kind: 'file', path }, { inputs: '', timeColumn: '' })).steps,
  },
  'one line': {
    file: 'line.txt',
    megabytes: 50,
    parts: oneLine,
    read: async (path) =>
      (await loadCorpus({ kind: 'file', path }, { validationShare: 0.1, sequenceLength: 64 })).report.characters,
  },
  'a long cell': { file: 'cell.jsonl', megabytes: 10, parts: objects, read: readLabeled },
};

const measured = z.object({ items: z.int(), seconds: z.number(), processor: z.number(), peak: z.number() });

const { values: options } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    measure: { type: 'string' },
    path: { type: 'string', default: '' },
    inspect: { type: 'boolean', default: false },
  },
});
if (options.measure === undefined) await measureAll();
else console.log(JSON.stringify(await measure(options.measure, options.path)));

async function measureAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-readers-'));
  try {
    console.log('| file | MB | for | items | s | s of processor | peak MB |');
    console.log('| --- | --- | --- | --- | --- | --- | --- |');
    for (const [name, { file, parts, convert, megabytes = options.large ? 500 : 100 }] of Object.entries(cases)) {
      if (!name.includes(options.only)) continue;
      const path = join(folder, file);
      const plain = convert ? join(folder, 'plain.csv') : path;
      await write(plain, megabytes * 1e6, parts());
      if (convert) {
        await convert(plain, path);
        await rm(plain);
      }
      for (const purpose of ['inspect', 'train']) {
        const script = [fileURLToPath(import.meta.url), '--measure', name, '--path', path];
        const { stdout } = await promisify(execFile)(process.execPath, [
          ...script,
          ...(purpose === 'inspect' ? ['--inspect'] : []),
        ]);
        const { items, seconds, processor, peak } = measured.parse(JSON.parse(stdout));
        const times = [seconds, processor].map((each) => each.toFixed(1)).join(' | ');
        console.log(`| ${name} | ${megabytes} | ${purpose} | ${items} | ${times} | ${peak.toFixed(0)} |`);
      }
      await rm(path);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(name: string, path: string): Promise<z.output<typeof measured>> {
  const made = cases[name];
  if (!made) throw new Error(`There is no file "${name}".`);
  const start = performance.now();
  const items = options.inspect
    ? (await inspectDataSet({ kind: 'file', path }, { validationShare: 0.1, seed: 1 })).items
    : await made.read(path);
  const { userCPUTime, maxRSS } = process.resourceUsage();
  return {
    items,
    seconds: (performance.now() - start) / 1000,
    processor: userCPUTime / 1e6,
    peak: (maxRSS * 1024) / 1e6,
  };
}

/** Writes parts until a file has a number of bytes. */
async function write(path: string, bytes: number, parts: Iterable<string>): Promise<void> {
  const out = createWriteStream(path);
  let written = 0;
  let pending = '';
  for (const part of parts) {
    pending += part;
    written += part.length;
    if (pending.length < 1e6 && written < bytes) continue;
    if (!out.write(pending)) await once(out, 'drain');
    pending = '';
    if (written >= bytes) break;
  }
  out.end();
  await once(out, 'close');
}
