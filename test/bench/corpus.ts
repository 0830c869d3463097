/**
 * Time and memory of loading a large text: `node test/bench/corpus.ts [megabytes]`, 200 by default.
 * Each text is written to the temporary folder of the system, loaded in a separate process, which measures its peak
 * memory, and removed.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fitBaselines } from '../../src/data/baselines.ts';
import { loadCorpus } from '../../src/data/corpus.ts';
import { Random } from '../oracle/random.ts';

const [argument = '200', path] = process.argv.slice(2);
if (path === undefined) await measureAll(Number(argument));
else await measure(path);

async function measureAll(megabytes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-corpus-'));
  try {
    for (const [name, codePoint] of Object.entries({ ascii, mixed })) {
      const path = join(folder, `${name}.txt`);
      await writeText(path, megabytes * 1e6, codePoint);
      const script = fileURLToPath(import.meta.url);
      const { stdout } = await promisify(execFile)(process.execPath, [script, argument, path]);
      console.log(`${name}, ${megabytes} MB: ${stdout.trim()}`);
      await rm(path);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(path: string): Promise<void> {
  const start = performance.now();
  const { vocabulary, train, validation, report } = await loadCorpus(
    { kind: 'file', path },
    { validationShare: 0.1, sequenceLength: 64 },
  );
  const loaded = performance.now();
  const loadPeak = process.resourceUsage().maxRSS;
  const baselines = await fitBaselines(train, vocabulary.size);
  const fitted = performance.now();
  await baselines.score(validation);
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(2)} s`;
  const megabytes = (kibibytes: number): string => `${Math.round((kibibytes * 1024) / 1e6)} MB`;
  console.log(
    `${report.characters} characters, vocabulary ${vocabulary.size}; loaded in ${seconds(start, loaded)}, ` +
      `peak ${megabytes(loadPeak)}; baselines fitted in ${seconds(loaded, fitted)}, scored in ` +
      `${seconds(fitted, performance.now())}, peak ${megabytes(process.resourceUsage().maxRSS)}`,
  );
}

/** Code points of a text with few frequent and many rare characters, as in real texts. */
type Alphabet = (uniform: number, uniformToo: number) => number;

function ascii(uniform: number): number {
  return uniform < 0.02 ? 10 : 32 + Math.floor(95 * uniform ** 2);
}

/** Two thirds Chinese characters, the rest ASCII and one emoji in a thousand. */
function mixed(uniform: number, uniformToo: number): number {
  if (uniformToo < 0.001) return 0x1f600 + Math.floor(80 * uniform);
  return uniformToo < 0.667 ? 0x4e00 + Math.floor(20_000 * uniform ** 4) : ascii(uniform);
}

async function writeText(path: string, bytes: number, codePoint: Alphabet): Promise<void> {
  const numbers = new Random(1);
  const random = () => numbers.next();
  const file = createWriteStream(path);
  while (file.bytesWritten + file.writableLength < bytes) {
    const text = Array.from({ length: 2 ** 18 }, () => String.fromCodePoint(codePoint(random(), random()))).join('');
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}
