import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { carryWeights, tokenAxisOf } from '../../../src/models/carryWeights.ts';
import { readTensors, type Parameter } from '../../../src/models/weights.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { verifyRun } from '../../../src/worker/replay/verify.ts';
import { Session } from '../../../src/worker/session.ts';
import { loadTrainedModel, storedModelWeights } from '../../../src/worker/trainedModel.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, rhyme, train } from './fixture.ts';

/** The rhyme with two characters that it does not have, and without some that it has. */
const other = rhyme.replaceAll('cat', 'zébü').replaceAll('0', '9');

describe('carryWeights', () => {
  it('carries the entries of known tokens, by token, and leaves new ones as they are', async () => {
    const from = ['<unk>', 'a', 'b', 'c'];
    const to = ['<unk>', 'b', 'c', 'd', 'a'];
    const variable = (name: string, shape: number[]): Parameter => ({
      name,
      variable: tf.variable(tf.fill(shape, -1)),
    });
    const parameters = [
      variable('lstm_1/kernel', [5, 2]),
      variable('lstm_1/recurrent_kernel', [2, 2]),
      variable('dense/kernel', [2, 5]),
      variable('dense/bias', [5]),
    ];
    const stored = [
      { name: 'lstm_1/kernel', shape: [4, 2], values: Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31) },
      { name: 'lstm_1/recurrent_kernel', shape: [2, 2], values: Float32Array.of(5, 6, 7, 8) },
      { name: 'dense/kernel', shape: [2, 4], values: Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13) },
      { name: 'dense/bias', shape: [4], values: Float32Array.of(0, 1, 2, 3) },
    ];
    const idOf = (token: string) => (from.includes(token) ? from.indexOf(token) : undefined);
    carryWeights(parameters, { stored, from }, { to, idOf, tokenAxis: tokenAxisOf({ embedding: 0 }, true) });
    const values = await readTensors(parameters.map(({ name, variable: tensor }) => ({ name, tensor })));
    assert.deepEqual(
      values.map((each) => [...each.values]),
      [
        [0, 1, 20, 21, 30, 31, -1, -1, 10, 11],
        [5, 6, 7, 8],
        [0, 2, 3, -1, 1, 10, 12, 13, -1, 11],
        [0, 2, 3, -1, 1],
      ],
    );
    const wrong = stored.map((each) => (each.name === 'dense/bias' ? { ...each, shape: [3] } : each));
    assert.throws(
      () =>
        carryWeights(parameters, { stored: wrong, from }, { to, idOf, tokenAxis: tokenAxisOf({ embedding: 0 }, true) }),
      errorWith({ name: 'Error' }, 'dense/bias'),
    );
    for (const { variable: each } of parameters) each.dispose();
  });
});

describe('a run that begins with the weights of another one', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  /** A trained run, and a request of one that begins with it. */
  async function trained(config: RunConfigInput = {}) {
    const base = request(home(), { backend: 'wasm', ...config });
    const { folder } = await train({
      ...base,
      config: { ...base.config, training: { ...base.config.training, steps: 80 } },
    });
    const further = (text: string, changes: RunConfigInput = {}, extend = true): StartRequest => ({
      ...request(home(), { backend: 'wasm', ...config, ...changes }, text),
      initial: { folder, extend },
    });
    return { folder, further };
  }
  const losses = async (folder: string) =>
    (await readMetrics(folder)).flatMap((event) => (event.event === 'step' ? [event.loss ?? NaN] : []));
  const firstLoss = async (folder: string) => (await losses(folder))[0] ?? NaN;

  it('has its tokens, and the new ones of the text', async () => {
    const { folder, further } = await trained();
    const { folder: next } = await train(further(other));
    const [before, after] = [await loadTrainedModel(folder), await loadTrainedModel(next)];
    const tokens = new Set(after.vocabulary.tokens);
    for (const token of [...before.vocabulary.tokens, 'z', 'é', 'b', 'ü', '9']) assert.ok(tokens.has(token), token);
    assert.equal(after.vocabulary.size, before.vocabulary.size + 5);
    // It has learned most of the text.
    const { folder: fresh } = await train(request(home(), { backend: 'wasm' }, other));
    assert.ok((await firstLoss(next)) < (await firstLoss(fresh)) - 0.5);
    const { initial } = await readRecord(next);
    assert.deepEqual(initial, { run: (await readRecord(folder)).id, step: initial?.step, extend: true });
  });

  it('never begins with weights that are damaged', async () => {
    const { folder, further } = await trained();
    const { folder: next } = await train(further(other));
    const resume = async () => {
      const { backends } = request(home());
      return Session.resume({ folder: next, changes: { steps: 100 }, backends }, () => undefined);
    };
    for (const [damaged, use] of [
      [join(next, 'initial'), resume],
      [join(folder, 'model'), async () => train(further(other))],
    ] as const) {
      const path = join(damaged, 'weights.bin');
      const bytes = await readFile(path);
      bytes[40]! ^= 1;
      await writeFile(path, bytes);
      await assert.rejects(use(), errorWith({ name: 'DamagedRunError' }, path));
    }
  });

  it('has its first loss on the same text where it ended', async () => {
    const { folder, further } = await trained({ training: { keepBest: false } });
    const steps = await losses(folder);
    const { folder: next } = await train(further(rhyme));
    assert.ok(Math.abs((await firstLoss(next)) - steps.at(-1)!) < 0.5);
    assert.ok((await firstLoss(next)) < steps[0]! - 1);
  });

  it('keeps the vocabulary on request, and says what is unknown', async () => {
    const { folder, further } = await trained();
    const { folder: next, events } = await train(further(other, {}, false));
    assert.deepEqual(
      (await loadTrainedModel(next)).vocabulary.tokens,
      (await loadTrainedModel(folder)).vocabulary.tokens,
    );
    assert.equal((await readRecord(next)).notices.length, (await readRecord(folder)).notices.length + 2);
    assert.equal(events.of('start').length, 1);
  });

  for (const [name, config] of [
    ['one-hot characters', {}],
    [
      'embedded words',
      { task: { name: 'language-model', tokens: 'word', minimumCount: 1 }, model: { embedding: 6, layers: 2 } },
    ],
    ['tied weights', { model: { embedding: 12, tieWeights: true, cell: 'gru' } }],
    ['output feedback', { model: { cell: 'rnn', recurrence: 'output', units: 4 }, data: { sequenceLength: 5 } }],
  ] satisfies [string, RunConfigInput][]) {
    it(`resumes exactly and is repeated bit for bit: ${name}`, async () => {
      const { further } = await trained(config);
      const begin = further(other);
      const whole = await train(begin);
      const half = { ...begin, config: { ...begin.config, training: { ...begin.config.training, steps: 15 } } };
      const { folder } = await train(half);
      const resumed = await Session.resume(
        { folder, changes: { steps: 30 }, backends: begin.backends },
        () => undefined,
      );
      await resumed.train();
      assert.deepEqual(await storedModelWeights(folder), await storedModelWeights(whole.folder));
      const { equal, difference } = await verifyRun({ folder: whole.folder, backends: begin.backends });
      assert.deepEqual([equal, difference], [true, null]);
      const repeated = await Session.repeat({ folder: whole.folder, backends: begin.backends }, () => undefined);
      await repeated.train();
      const { repetition, initial } = await readRecord(repeated.folder);
      assert.equal(repetition?.difference, null);
      assert.deepEqual(initial, (await readRecord(whole.folder)).initial);
    });
  }

  it('is a classifier, with the recurrent layers of a language model and of a classifier', async () => {
    const rows = Array.from({ length: 60 }, (_, row) =>
      row % 2 === 0 ? `the cat sat on ${row},calm` : `the dog ran after ${row},wild`,
    );
    const source = { kind: 'text', text: ['text,label', ...rows].join('\n'), name: 'pets.csv' } as const;
    const { folder, further } = await trained({
      task: { name: 'language-model', tokens: 'word', minimumCount: 1 },
      model: { embedding: 6 },
    });
    const classify = (from: string, changes: RunConfigInput = {}): StartRequest => {
      const { backends, config } = further(rhyme);
      return {
        backends,
        source,
        initial: { folder: from, extend: true },
        config: parseRunConfig({
          ...changes,
          backend: 'wasm',
          task: { name: 'classification', minimumCount: 1 },
          model: { ...config.model, ...changes.model },
          training: { steps: 1, validateEvery: 1, learningRate: 1e-9, batchSize: 4, keepBest: false },
        }),
      };
    };
    const { folder: first } = await train(classify(folder));
    const byName = async (run: string) =>
      new Map((await storedModelWeights(run)).map(({ name, values }) => [name, values]));
    const [language, classifier] = [await byName(folder), await byName(first)];
    const recurrent = classifier.get('lstm_1/recurrent_kernel')!;
    assert.ok(recurrent.every((value, at) => Math.abs(value - language.get('lstm_1/recurrent_kernel')![at]!) < 1e-6));
    const { notices } = await readRecord(first);
    assert.ok(notices.length > 0);

    const { folder: second } = await train(classify(first));
    const outputs = (await byName(second)).get('dense/kernel')!;
    assert.ok(outputs.every((value, at) => Math.abs(value - classifier.get('dense/kernel')![at]!) < 1e-6));
    await assert.rejects(
      Session.start(classify(folder, { model: { bidirectional: true } }), () => undefined),
      errorWith({ fields: ['model.bidirectional'] }),
    );
  });

  it('is refused before anything is written, with the field that does not fit', async () => {
    const { folder, further } = await trained();
    const refused = async (changes: RunConfigInput, field: string) => {
      await assert.rejects(
        Session.start({ ...further(other, changes), out: join(home(), 'never') }, () => undefined),
        errorWith({ fields: [field] }),
      );
      await assert.rejects(readRecord(join(home(), 'never')));
    };
    await refused({ model: { units: 13 } }, 'model.units');
    await refused({ model: { cell: 'gru' } }, 'model.cell');
    await refused({ task: { name: 'language-model', tokens: 'word' } }, 'task.tokens');
    const generated = {
      ...further(other),
      source: { kind: 'generated' },
      config: parseRunConfig({ task: { name: 'adding' } }),
    } as const;
    await assert.rejects(
      Session.start(generated, () => undefined),
      errorWith({ fields: ['task.name'] }, folder.split('/').at(-1)!),
    );
  });
});
