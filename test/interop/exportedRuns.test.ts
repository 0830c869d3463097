import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/lib/paths.ts';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import type { PortableFormatName } from '../../src/config/portableFormats.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { readRecord } from '../../src/runs/record.ts';
import { openStored } from '../../src/worker/openStored.ts';
import { exportPortable } from '../../src/worker/portable/exportPortable.ts';
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
const WEIGHTS = { safetensors: 'model.safetensors', pytorch: 'model.pt', tfjs: 'model.json' } as const;

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
    it(`compute the same in PyTorch and TensorFlow.js, by the programs that are exported with them: ${kind}`, async () => {
      const folder = await trained(config, text, name);
      await symlink(join(root, 'node_modules'), join(home(), 'node_modules'), 'dir');
      for (const [format, interpreter, program] of [
        ['safetensors', python, 'sequence_lab_model.py'],
        ['tfjs', process.execPath, 'sequence-lab-model.mjs'],
      ] as const) {
        const out = await exported(folder, format);
        const { stdout } = await run(interpreter, [join(out, program)]);
        const { largestDifference } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
          largestDifference: number;
        };
        assert.ok(largestDifference < 1e-5, `${format}: ${largestDifference}`);
        const card = await readFile(join(out, 'README.md'), 'utf8');
        assert.ok(card.includes('sequence-lab train'));
      }
    });

  it('compute the same again after they are imported', async () => {
    const [config, text, name] = RUNS['language model']!;
    const folder = await trained(config, text, name);
    const file = join(home(), 'other.txt');
    await writeFile(file, rhyme.slice(100, 400));
    const lossOf = async (path: string) => {
      const model = await openStored(path, await readRecord(path));
      const { measures } = (await model.evaluate?.(file, { streams: 1 })) ?? {};
      model.dispose();
      return Number(measures?.['lossNats']);
    };
    const before = await lossOf(folder);
    for (const [format, file] of Object.entries(WEIGHTS)) {
      const out = await exported(folder, format as PortableFormatName);
      const weights = join(out, file);
      const { backends } = request(home());
      const { folder: again } = await importRun({ file: weights, choices: {}, backends }, new Date());
      const after = await lossOf(again);
      assert.ok(Math.abs(after - before) < 1e-5 * before, `${before}, ${after}`);
    }
  });

  it('are imported with the structure that PyTorch has no layer for, and refused if they are of another kind', async () => {
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
    const [config, series, file] = RUNS['forecaster']!;
    const other = await exported(await trained(config, series, file), 'safetensors');
    const weights = {
      file: join(other, 'model.safetensors'),
      vocabulary: join(out, 'vocabulary.json'),
      choices: {},
      backends,
    };
    await assert.rejects(importRun(weights, new Date()), errorWith({ name: 'UnusableError' }));
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
    assert.deepEqual(answers, [answers[0], answers[0], answers[0]]);
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
