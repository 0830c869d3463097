import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureKeras } from '../../scripts/lib/keras.ts';
import { root } from '../../scripts/lib/paths.ts';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import type { PortableFormatName } from '../../src/config/portableFormats.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { defaultDrawing } from '../../src/config/drawing.ts';
import { Generator } from '../../src/random/generator.ts';
import { readRecord } from '../../src/runs/record.ts';
import { checkModel, openStored } from '../../src/worker/openStored.ts';
import { exportPortable } from '../../src/worker/portable/exportPortable.ts';
import { openPortable } from '../../src/worker/portable/openPortable.ts';
import { importRun } from '../../src/worker/portable/importRun.ts';
import { Session } from '../../src/worker/session.ts';
import { errorWith } from '../harness/facts.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';
import { request, rhyme } from '../unit/worker/fixture.ts';

const run = promisify(execFile);
const programs = join(root, 'media');

const lines = (count: number, line: (row: number) => string) =>
  Array.from({ length: count }, (_, row) => `${line(row)}\n`).join('');
const labeled = lines(30, (row) => `${row % 2 === 0 ? 'good' : 'dull'} thing ${row}\t${row % 2 === 0 ? 'yes' : 'no'}`);

/** Short runs of every kind of task with recurrent layers. */
const RUNS: Readonly<Record<string, readonly [config: RunConfigInput, text: string, name: string]>> = {
  'language model': [{ model: { embedding: 5, layers: 2 } }, rhyme, 'rhyme.txt'],
  classifier: [
    {
      task: { name: 'classification', minimumCount: 1, lowerCase: false, stripAccents: true, maximumLength: 2 },
      model: { bidirectional: true, embedding: 4 },
    },
    labeled,
    'moods.tsv',
  ],
  tagger: [
    { task: { name: 'tagging' }, model: { bidirectional: true, embedding: 4 } },
    lines(30, (row) => `the\tDET\nrun${row}\tNOUN\n`),
    'tags.tsv',
  ],
  'encoder and decoder': [
    { task: { name: 'sequence-to-sequence' }, model: { embedding: 4, attention: 'additive' } },
    lines(60, (row) => `one ${row}\tun ${row}`),
    'pairs.tsv',
  ],
  forecaster: [
    { task: { name: 'forecasting', column: 'y', horizon: 2 }, data: { sequenceLength: 4 }, model: { cell: 'gru' } },
    `y\n${lines(80, (row) => Math.sin(row / 3).toFixed(3))}`,
    'series.csv',
  ],
  'texts for a label': [
    { task: { name: 'conditioned-generation' }, model: { cell: 'gru', resetAfter: true } },
    labeled,
    'names.tsv',
  ],
  'generated sequences': [{ task: { name: 'adding' } }, '', ''],
};

/** The file that is imported again, by the format. */
const WEIGHTS: Readonly<Record<PortableFormatName, string>> = {
  safetensors: 'model.safetensors',
  pytorch: 'model.pt',
  keras: 'model.keras',
  onnx: 'model.onnx',
  tfjs: 'model.json',
};

/** Kinds whose program is run in Keras, which takes seconds to start; `export.test.ts` compares all. */
const KERAS_KINDS: ReadonlySet<string> = new Set(['language model', 'encoder and decoder']);

/** Kinds whose programs are those of others. */
const MORE: typeof RUNS = {
  'language model of words': [
    { task: { name: 'language-model', tokens: 'word' }, model: { embedding: 4 } },
    rhyme,
    'w.txt',
  ],
  'dates, an encoder in both directions': [{ task: { name: 'dates' }, model: { bidirectional: true } }, '', ''],
  copying: [{ task: { name: 'copying' }, data: { sequenceLength: 30 } }, '', ''],
  'temporal order': [{ task: { name: 'temporal-order' }, model: { cell: 'rnn' } }, '', ''],
  subwords: [
    { task: { name: 'sequence-to-sequence', tokens: 'subword', merges: 20 }, model: { embedding: 4 } },
    lines(60, (row) => `one ${row}\tun ${row}`),
    'pairs.tsv',
  ],
};

describe('runs that are exported', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let python = '';
  before(async function () {
    python = await prepareOrSkip(this, ensureTorch);
  });

  const trained = async (config: RunConfigInput, text: string, name: string): Promise<string> => {
    const training = { steps: 3, validateEvery: 3, checkpointEvery: 3, ...config.training };
    const start = request(home(), { ...config, training, probes: { every: 0 } }, text);
    const source = name === '' ? ({ kind: 'generated' } as const) : ({ kind: 'text', text, name } as const);
    const session = await Session.start({ ...start, source }, () => undefined);
    await session.train();
    return session.folder;
  };
  const exported = async (folder: string, format: PortableFormatName) => {
    const out = join(home(), `${format}-${(await readdir(home())).length}`);
    const { backends } = request(home());
    await exportPortable({ folder, format, out, programs, replace: false, backends });
    return out;
  };

  for (const [kind, [config, text, name]] of Object.entries(RUNS))
    it(`compute the same in the other programs, by the programs that are exported with them: ${kind}`, async () => {
      const folder = await trained(config, text, name);
      await symlink(join(root, 'node_modules'), join(home(), 'node_modules'), 'dir');
      for (const [format, interpreter, program] of [
        ['safetensors', python, 'sequence_lab_model.py'],
        ['tfjs', process.execPath, 'sequence-lab-model.mjs'],
        ...(KERAS_KINDS.has(kind) ? ([['keras', await ensureKeras(), 'sequence_lab_keras.py']] as const) : []),
      ] as const) {
        const out = await exported(folder, format);
        const { stdout } = await run(interpreter, [join(out, program)]);
        const { largestDifference } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
          largestDifference: number;
        };
        assert.ok(largestDifference < 1e-5, `${format}: ${largestDifference}`);
        const card = await readFile(join(out, 'README.md'), 'utf8');
        assert.ok(card.includes('sequence-lab train'));
        const others = (await readdir(out)).filter((file) => file !== 'README.md' && file !== '__pycache__');
        for (const file of others) assert.ok(card.includes(`- \`${file}\`: `), file);
      }
    });

  it('are imported with the structure that PyTorch has no layer for', async () => {
    const { backends } = request(home());
    const [, text, name] = RUNS['classifier']!;
    const task = { name: 'classification', minimumCount: 1 } as const;
    const folder = await trained(
      { task, model: { cell: 'gru', bias: false, embedding: 3, pooling: 'attention' } },
      text,
      name,
    );
    const out = await exported(folder, 'safetensors');
    const again = await importRun({ file: join(out, 'model.safetensors'), choices: {}, backends }, new Date());
    const answers = [];
    for (const path of [folder, again.folder]) {
      const { classifier, dispose } = await openStored(path, await readRecord(path));
      answers.push(...((await classifier?.classify(['good thing 3'])) ?? []));
      dispose();
    }
    assert.deepEqual(answers[1], answers[0]);
  });

  /** What a run computes: outputs on the example, and what each command returns. */
  const computed = async (folder: string, data: string) => {
    const record = await readRecord(folder);
    const { example } = await openPortable(folder, record);
    const model = await openStored(folder, record);
    const options = {
      ...defaultDrawing,
      prompt: '',
      length: 20,
      label: null,
      generator: Generator.forPurpose(1, 'test'),
    };
    const pieces = [];
    if (model.writer && model.writer.form.kind !== 'converts')
      for await (const { text } of model.writer.write(options)) pieces.push(text);
    const found = {
      example: await example(),
      evaluated: (await model.evaluate?.(data, {}))?.measures,
      translated: await model.translate?.(['one 3', 'one 4']),
      answered: await model.answer?.('the run3 sat', 3),
      classified: await model.classifier?.classify(['good thing 3']),
      forecast: (await model.forecast?.({ path: data, backTest: false }))?.points,
      read: model.reading?.encode('good thing'),
      written: pieces.join(''),
    };
    model.dispose();
    return found;
  };

  for (const [kind, [config, text, name]] of Object.entries({ ...RUNS, ...MORE }))
    it(`compute the same in every command after they are imported: ${kind}`, async () => {
      const { backends } = request(home());
      const folder = await trained(config, text, name);
      const data = join(home(), `data-${name || 'none.txt'}`);
      await writeFile(data, text === '' ? '3 May 2021\t2021-05-03\n' : text);
      const before = await computed(folder, data);
      for (const [format, weights] of Object.entries(WEIGHTS)) {
        const out = await exported(folder, format as PortableFormatName);
        // Two networks are in two files.
        const parts = [weights, weights.replace('model', 'encoder')].map((part) => join(out, part));
        const file = parts.find((part) => existsSync(part)) ?? '';
        const { folder: again, record } = await importRun({ file, choices: {}, backends }, new Date());
        assert.equal(record.state, 'imported');
        assert.equal(await checkModel(again), true);
        const after = await computed(again, data);
        assertNear(after, before, `${kind}, ${format}`);
        assert.deepEqual(record.config.task, (await readRecord(folder)).config.task);
        const files = async (path: string) => (await readdir(join(path, 'model'))).sort();
        assert.deepEqual(await files(again), await files(folder));
      }
    });

  /** Compares numbers up to the rounding of another backend, and everything else exactly. */
  function assertNear(actual: unknown, expected: unknown, place: string): void {
    if (typeof actual === 'number' && typeof expected === 'number') {
      assert.ok(
        Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected)),
        `${place}: ${actual}, ${expected}`,
      );
      return;
    }
    if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
      if (typeof expected !== 'string' || !/\d\.\d/.test(expected)) assert.deepEqual(actual, expected, place);
      return;
    }
    assert.deepEqual(Object.keys(actual), Object.keys(expected), place);
    for (const [key, value] of Object.entries(actual))
      assertNear(value, (expected as Readonly<Record<string, unknown>>)[key], `${place}.${key}`);
  }

  it('are refused without a file that gives them their meaning, and with those of another model', async () => {
    const { backends } = request(home());
    const importOf = async (folder: string, naming: object = {}) =>
      importRun({ file: join(folder, 'model.safetensors'), choices: {}, backends, ...naming }, new Date());
    const exports: Record<string, string> = {};
    for (const kind of ['forecaster', 'encoder and decoder', 'tagger', 'language model']) {
      const [config, text, name] = RUNS[kind]!;
      exports[kind] = await exported(await trained(config, text, name), 'safetensors');
    }
    const {
      forecaster = '',
      tagger = '',
      'encoder and decoder': pairs = '',
      'language model': language = '',
    } = exports;
    const refusal = (...facts: string[]) => errorWith({ name: 'UnusableError' }, ...facts);
    await assert.rejects(importOf(language, { labels: ['a', 'b'] }), refusal());
    await assert.rejects(importOf(tagger, { labels: ['a'] }), refusal('1', '2'));
    await assert.rejects(
      importOf(forecaster, { vocabulary: join(language, 'vocabulary.json') }),
      refusal('--vocabulary'),
    );
    await copyFile(join(language, 'vocabulary.json'), join(tagger, 'vocabulary.json'));
    await assert.rejects(importOf(tagger), refusal());
    const path = join(pairs, 'target-vocabulary.json');
    const vocabulary = JSON.parse(await readFile(path, 'utf8')) as { readonly words: readonly string[] };
    await writeFile(path, JSON.stringify({ ...vocabulary, words: vocabulary.words.toSpliced(3, 1) }));
    await assert.rejects(importOf(pairs), refusal('target-vocabulary.json'));
    await rm(join(forecaster, 'series.json'));
    await assert.rejects(importOf(forecaster), refusal('series.json'));
    const config = JSON.parse(await readFile(join(language, 'config.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(language, 'config.json'), JSON.stringify({ ...config, units: 13 }));
    await assert.rejects(importOf(language), refusal('config.json'));
  });

  it('are imported with their thresholds, if a text may have several labels, and exported again', async () => {
    const { backends } = request(home());
    const several = lines(40, (row) => `thing ${row % 7}\t${['a', 'b', 'a|b'][row % 3]}`);
    const task = { name: 'classification', minimumCount: 1, labelSeparator: '|' } as const;
    const folder = await trained({ task, model: { embedding: 3 } }, several, 'several.tsv');
    const runs = [folder];
    for (const format of ['pytorch', 'tfjs'] as const) {
      const file = join(await exported(folder, format), WEIGHTS[format]);
      // The probability of each label is its own.
      if (format === 'tfjs') assert.ok((await readFile(file, 'utf8')).includes('"activation":"sigmoid"'));
      runs.push((await importRun({ file, choices: {}, backends }, new Date())).folder);
    }
    const answers = [];
    for (const path of runs) {
      const { classifier, dispose } = await openStored(path, await readRecord(path));
      answers.push((await classifier?.classify(['thing 3']))?.map(({ probabilities }) => probabilities));
      dispose();
    }
    const [first] = answers;
    assert.deepEqual(
      answers,
      runs.map(() => first),
    );
    const [, again = ''] = runs;
    const card = await readFile(join(await exported(again, 'pytorch'), 'README.md'), 'utf8');
    assert.ok(!card.includes('sequence-lab train'), 'its training is not known');
  });

  it('are refused: families without recurrent layers, folders with files', async () => {
    const [, text, name] = RUNS['classifier']!;
    const task = { name: 'classification', minimumCount: 1 } as const;
    const bag = await trained({ task, model: { family: 'bag-of-words' } }, text, name);
    await assert.rejects(exported(bag, 'pytorch'), errorWith({ name: 'UnusableError' }, 'bag-of-words'));
    const { backends } = request(home());
    const other = { folder: bag, format: 'pytorch', out: home(), programs, replace: false, backends } as const;
    await assert.rejects(exportPortable(other), errorWith({ name: 'UnusableError' }, home()));
  });
});
