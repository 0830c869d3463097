/**
 * `npm run bench -- writing [--turns N] [--steps N]` times how models write, on one thread of the backend `wasm` and on
 * made-up data (`tasks/cases.ts`): a language model of the default sizes with 65 characters, as the command line and the
 * panel run it, on the kernels of a stepper and with tensors, which other backends use; and a beam search of 100
 * sentences with an encoder and decoder, together and one by one. Contenders take turns; the figures are medians of
 * processor time, which other work of the machine changes less than wall time.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { backendOptions } from '../../src/cli/environment.ts';
import { defaultDrawing } from '../../src/config/drawing.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import type { GeneratedPiece, GenerationRequest } from '../../src/protocol/generation.ts';
import { languageModelWriter, type TextWriter } from '../../src/training/textWriter.ts';
import { describedPieces, textPieces } from '../../src/worker/inspector/writtenTexts.ts';
import { loadTrainedModel } from '../../src/worker/trainedModel.ts';
import { withStoredModel } from '../../src/worker/withStoredModel.ts';
import { taskCases } from './tasks/cases.ts';
import { median } from '../../src/judgment/quantiles.ts';

const [CHARACTERS, SENTENCES, BEAM] = [5000, 100, 5];

/** A way to write. */
interface Contender {
  readonly name: string;
  /** @returns number of characters or sentences */
  write(): Promise<number>;
}

const { values } = parseArgs({
  options: { turns: { type: 'string', default: '7' }, steps: { type: 'string', default: '200' } },
});
const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-writing-'));

/** Trains a run on the data of a case. @returns its folder, and the text of the data */
async function trained(
  name: 'characters' | 'dot',
  config: RunConfigInput,
): Promise<{ readonly run: string; readonly data: string }> {
  const { file } = taskCases[name]!;
  const [path, data, settings] = [join(folder, file.name), file.content(), join(folder, `${name}.sequence-lab.json`)];
  await writeFile(path, data);
  await writeFile(settings, JSON.stringify({ ...config, threads: 1, sampling: { every: 0 }, probes: { every: 0 } }));
  const out = join(folder, name);
  const options = ['--config', settings, '--steps', values.steps, '--backend', 'wasm', '--out', out];
  await run(process.execPath, [commandLine, 'train', path, ...options], { quiet: true });
  return { run: out, data };
}

/** Median seconds of processor time of each contender, and the number that it has written. */
async function measure(contenders: readonly Contender[]) {
  const seconds = contenders.map((): number[] => []);
  const written: number[] = [];
  for (let turn = 0; turn <= Number(values.turns); turn++) {
    for (const [index, { write }] of contenders.entries()) {
      const before = process.cpuUsage();
      written[index] = await write();
      const { user, system } = process.cpuUsage(before);
      // The first turn warms up.
      if (turn > 0) seconds[index]!.push((user + system) / 1e6);
    }
  }
  return contenders.map(({ name }, index) => ({
    name,
    seconds: median(seconds[index]!),
    written: written[index]!,
  }));
}

const request: GenerationRequest = {
  prompt: '',
  label: null,
  length: CHARACTERS,
  ...defaultDrawing,
  seed: 1,
  samples: 1,
  beam: 1,
};

function writing(
  name: string,
  pieces: (writer: TextWriter, request: GenerationRequest) => AsyncIterable<GeneratedPiece>,
  writer: TextWriter,
): Contender {
  return {
    name,
    async write() {
      let written = 0;
      for await (const { text } of pieces(writer, request)) written += text.length;
      return written;
    },
  };
}

/** Writer of a run whose steps run with tensors, as they do on other backends. */
async function writerOnTensors(run: string): Promise<TextWriter> {
  const { model, vocabulary } = await loadTrainedModel(run);
  Object.defineProperty(model, 'stepper', { value: () => undefined });
  return languageModelWriter(model, vocabulary);
}

try {
  const language = await trained('characters', {});
  await withStoredModel(language.run, backendOptions(), async ({ writer }) => {
    if (!writer) throw new Error('The language model does not write.');
    const tensors = await writerOnTensors(language.run);
    const results = await measure([
      writing('text', textPieces, writer),
      writing('text with probabilities', describedPieces, writer),
      writing('text, with tensors', textPieces, tensors),
    ]);
    for (const { name, seconds, written } of results)
      console.log(`${name}: ${Math.round(written / seconds)} characters per second`);
  });
  const { config } = taskCases['dot']!;
  const pairs = await trained('dot', {
    ...config,
    task: { name: 'sequence-to-sequence', tokens: 'word', minimumCount: 1, beam: BEAM },
  });
  const sources = pairs.data
    .split('\n')
    .slice(0, SENTENCES)
    .map((line) => line.split('\t')[0] ?? '');
  await withStoredModel(pairs.run, backendOptions(), async ({ translate }) => {
    if (!translate) throw new Error('The encoder and decoder does not translate.');
    const results = await measure([
      { name: 'together', write: async () => (await translate(sources)).length },
      {
        name: 'one by one',
        async write() {
          for (const source of sources) await translate([source]);
          return sources.length;
        },
      },
    ]);
    for (const { name, seconds, written } of results)
      console.log(`beam search of ${written} sentences, ${name}: ${seconds.toFixed(2)} s`);
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
