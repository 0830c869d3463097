/**
 * `npm run bench -- loading [--only NAME] [--megabytes N]` measures what a run waits for before its first step: the
 * vocabulary and the ids of a text (200 MB) in characters and in words, the n-gram baselines of a text with 20,000
 * distinct characters, the fit of a hidden Markov classifier to 400 short sentences, and reading and inspecting a table
 * (100 MB), each next to the package csv-parse reading it alone. Each runs in its own process; those of a table take
 * turns. On a busy machine, the time of the processor says more than that of the clock.
 */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { parse } from 'csv-parse';
import { fitBaselines } from '../../src/data/baselines.ts';
import { loadCorpus } from '../../src/data/corpus.ts';
import { inspectDataSet } from '../../src/data/inspect/inspectDataSet.ts';
import { readLabeledTable } from '../../src/data/labeled/fastText.ts';
import { labeledTexts } from '../../src/data/labeled/labeledTexts.ts';
import { fitTrigrams } from '../../src/data/ngram/trigramModel.ts';
import { baumWelchStep } from '../../src/models/hmm/baumWelch.ts';
import { randomHmm } from '../../src/models/hmm/estimate.ts';
import { Generator } from '../../src/random/generator.ts';
import { Random } from '../oracle/random.ts';

/** Something to load: a made-up file, if it reads one, and what is measured. */
interface Case {
  readonly megabytes?: number;
  readonly line?: (random: Random, row: number) => string;
  /** @returns what was found, and the seconds of the processor that count, if not all of the process do */
  readonly run: (path: string) => Promise<string>;
}

const VOCABULARY = 30_000;
const DISTINCT = 20_000;
const [SENTENCES, STATES, STEPS] = [400, 50, 150];

/** A word with a frequency like that in a language: the n-th most frequent one in 1/n of the places. */
function word(random: Random, size = VOCABULARY): string {
  return Math.floor(size ** random.next()).toString(36);
}

function sentence(random: Random, words: number): string {
  return `${Array.from({ length: words }, () => word(random)).join(' ')}.`;
}

const row = (random: Random, number: number) => `${number},"${sentence(random, 12)}",${'abc'.charAt(number % 3)}\n`;
const prose = (random: Random) => `${sentence(random, 20)} "${sentence(random, 8)}"\n`;
const load = async (path: string, words?: { minCount: number; maxSize: number }) => {
  const { vocabulary, report } = await loadCorpus(
    { kind: 'file', path },
    { validationShare: 0.1, sequenceLength: 64, words },
  );
  return `${report.trainTokens + report.validationTokens} tokens, vocabulary ${vocabulary.size}`;
};

const cases: Readonly<Record<string, Case>> = {
  characters: { megabytes: 200, line: prose, run: async (path) => load(path) },
  words: { megabytes: 200, line: prose, run: async (path) => load(path, { minCount: 2, maxSize: 10_000 }) },
  'n-grams': {
    megabytes: 3,
    line: (random) =>
      `${String.fromCodePoint(...Array.from({ length: 64 }, () => 0x4e00 + Math.floor(DISTINCT * random.next() ** 2)))}\n`,
    run: async (path) => {
      const options = { validationShare: 0.1, sequenceLength: 64 };
      const { vocabulary, train, validation } = await loadCorpus({ kind: 'file', path }, options);
      const { bigram } = await (await fitBaselines(train, vocabulary.size)).score(validation);
      const trigram = await (await fitTrigrams(train, vocabulary.size)).score(validation);
      return `vocabulary ${vocabulary.size}, losses ${bigram.toFixed(3)} and ${trigram.toFixed(3)}`;
    },
  },
  'hidden Markov': {
    run: async () => {
      const random = new Random(5);
      const ids = new Map<string, number>();
      const sentences = Array.from({ length: SENTENCES }, () =>
        Int32Array.from({ length: 8 + Math.floor(25 * random.next()) }, () => {
          const form = word(random, 4000);
          if (!ids.has(form)) ids.set(form, ids.size);
          return ids.get(form) ?? 0;
        }),
      );
      const shape = { states: STATES, symbols: ids.size };
      let total = 0;
      for (const [index, half] of [sentences.slice(0, SENTENCES / 2), sentences.slice(SENTENCES / 2)].entries()) {
        let model = randomHmm(shape, Generator.forPurpose(index, 'bench'));
        for (let step = 0; step < STEPS; step++) {
          const next = baumWelchStep(model, half, 1 / shape.symbols);
          model = next.model;
          if (step === STEPS - 1) total += next.logLikelihood;
        }
      }
      return Promise.resolve(`${ids.size} words, ${STEPS} steps, log likelihood ${total.toFixed(1)}`);
    },
  },
  'table, csv-parse': {
    megabytes: 100,
    line: row,
    run: async (path) => {
      let rows = 0;
      for await (const fields of createReadStream(path).pipe(parse()) as AsyncIterable<string[]>)
        if (fields.length > 0) rows++;
      return `${rows} rows`;
    },
  },
  'table, training': {
    megabytes: 100,
    line: row,
    run: async (path) => `${labeledTexts(await readLabeledTable({ kind: 'file', path })).items.length} rows`,
  },
  'table, Inspect': {
    megabytes: 100,
    line: row,
    run: async (path) =>
      `${(await inspectDataSet({ kind: 'file', path }, { validationShare: 0.1, seed: 1 })).items} rows`,
  },
};

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    megabytes: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    measure: { type: 'string' },
    path: { type: 'string', default: '' },
  },
});
if (options.measure === undefined) await measureAll();
else await measure(options.measure, options.path);

async function measureAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-loading-'));
  const files = new Map<unknown, string>();
  try {
    console.log('| what | round | s | CPU s | peak MB | found |');
    console.log('| --- | --- | --- | --- | --- | --- |');
    for (let round = 1; round <= Number(options.rounds); round++)
      for (const [name, { megabytes, line }] of Object.entries(cases)) {
        if (!name.includes(options.only)) continue;
        const path = files.get(line) ?? join(folder, `${files.size}.csv`);
        if (line && megabytes !== undefined && !files.has(line)) {
          await write(path, Number(options.megabytes ?? megabytes) * 1e6, line);
          files.set(line, path);
        }
        const script = [fileURLToPath(import.meta.url), '--measure', name, '--path', path];
        const { stdout } = await promisify(execFile)(process.execPath, script);
        console.log(`| ${name} | ${round} | ${stdout.trim()} |`);
      }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(name: string, path: string): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  const found = await cases[name]?.run(path);
  const { user, system } = process.cpuUsage(before);
  const seconds = [(performance.now() - start) / 1000, (user + system) / 1e6].map((each) => each.toFixed(2));
  const peak = (process.resourceUsage().maxRSS * 1024) / 1e6;
  console.log(`${seconds.join(' | ')} | ${peak.toFixed(0)} | ${found}`);
}

/** Writes lines until a file has a number of bytes. */
async function write(path: string, bytes: number, line: (random: Random, row: number) => string): Promise<void> {
  const out = createWriteStream(path);
  const random = new Random(1);
  let written = 0;
  let pending = path.endsWith('.csv') && line === row ? 'id,text,label\n' : '';
  for (let number = 1; written < bytes; number++) {
    const text = line(random, number);
    pending += text;
    written += Buffer.byteLength(text);
    if (pending.length < 1e6 && written < bytes) continue;
    if (!out.write(pending)) await once(out, 'drain');
    pending = '';
  }
  out.end();
  await once(out, 'close');
}
