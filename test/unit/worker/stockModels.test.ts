import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import type { RunSource } from '../../../src/protocol/trainer.ts';
import { Session } from '../../../src/worker/session.ts';
import { FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { rhyme } from './fixture.ts';

const program = fileURLToPath(new URL('../../fixtures/openRunsInStock.ts', import.meta.url));

const generated: RunSource = { kind: 'generated' };
const text: RunSource = { kind: 'text', name: 'rhyme.txt', text: rhyme };
const table = (head: string, rows: readonly string[]): RunSource => ({
  kind: 'text',
  name: 'table.tsv',
  text: [head, ...rows, ''].join('\n'),
});
const things = ['film', 'book', 'play', 'song', 'meal', 'room', 'walk', 'game'];
const labeled = table(
  'text\tlabel',
  things.flatMap((thing) => [`the ${thing} is good and long\tpraise`, `the ${thing} is dull and long\tblame`]),
);
const tagged: RunSource = {
  kind: 'text',
  name: 'tags.tsv',
  text: things.map((thing) => `the\tDET\n${thing}\tNOUN\n\n`).join(''),
};
const series = table(
  'a\tb',
  Array.from({ length: 60 }, (_, t) => `${Math.sin(t / 3).toFixed(3)}\t${Math.cos(t / 2).toFixed(3)}`),
);

/** Every kind of saved model. `opens`: whether docs/run-files.md promises that plain TensorFlow.js opens it. */
const models: readonly { readonly config: RunConfigInput; readonly source: RunSource; readonly opens: boolean }[] = [
  { config: { model: { layers: 2 } }, source: text, opens: true },
  { config: { model: { embedding: 4, bias: false } }, source: text, opens: true },
  { config: { model: { projection: 2 } }, source: text, opens: false },
  { config: { model: { cell: 'gru' } }, source: text, opens: true },
  { config: { model: { cell: 'gru', resetAfter: true } }, source: text, opens: false },
  { config: { model: { cell: 'rnn', activation: 'relu' } }, source: text, opens: true },
  { config: { model: { cell: 'rnn', recurrence: 'output' } }, source: text, opens: false },
  { config: { task: { name: 'adding' }, model: { bidirectional: true } }, source: generated, opens: true },
  { config: { task: { name: 'temporal-order' } }, source: generated, opens: true },
  { config: { task: { name: 'counting' } }, source: generated, opens: true },
  { config: { task: { name: 'classification' }, model: { bidirectional: true } }, source: labeled, opens: true },
  { config: { task: { name: 'classification' }, model: { pooling: 'mean' } }, source: labeled, opens: false },
  { config: { task: { name: 'classification' }, model: { family: 'convolutional' } }, source: labeled, opens: false },
  { config: { task: { name: 'classification' }, model: { family: 'bag-of-words' } }, source: labeled, opens: false },
  { config: { task: { name: 'classification' }, model: { family: 'hidden-markov' } }, source: labeled, opens: false },
  { config: { task: { name: 'tagging', minimumCount: 1 } }, source: tagged, opens: true },
  { config: { task: { name: 'tagging' }, model: { family: 'hidden-markov' } }, source: tagged, opens: false },
  { config: { task: { name: 'reversing' } }, source: generated, opens: false },
  { config: { task: { name: 'forecasting' } }, source: series, opens: true },
  { config: { task: { name: 'conditioned-generation' } }, source: labeled, opens: false },
];

describe('saved models in plain TensorFlow.js', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  it('open in a process without our layers, or name the obstacle in task.json', async () => {
    const folders: string[] = [];
    for (const [index, { config, source }] of models.entries()) {
      const whole = parseRunConfig({
        backend: 'reference',
        ...config,
        data: { sequenceLength: 30, validationShare: 0.25 },
        model: { units: 3, ...config.model },
        training: { batchSize: 2, steps: 1, learningRate: 0.001 },
        sampling: { every: 0 },
        probes: { every: 0 },
      });
      const out = join(home(), `run-${index}`);
      const backends = { home: home(), tensorflowPath: '', wideSimd: false };
      const session = await Session.start({ config: whole, source, out, backends }, () => undefined, new FaultyFiles());
      await session.train();
      folders.push(out);
    }
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...folders]);
    const errors = JSON.parse(stdout) as (string | null)[];
    for (const [index, { config, opens }] of models.entries()) {
      const name = JSON.stringify(config);
      const folder = join(folders[index] ?? '', 'model');
      assert.equal(errors[index] === null, opens, `${name}: ${errors[index]}`);
      // Models without layers have no model.json that could be opened by mistake.
      if (!existsSync(join(folder, 'model.json'))) continue;
      const task = JSON.parse(await readFile(join(folder, 'task.json'), 'utf8')) as object;
      assert.equal('obstacle' in task, !opens, name);
    }
  });
});
