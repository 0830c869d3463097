import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { root } from '../../scripts/lib/paths.ts';
import type { LanguageModel } from '../../src/models/languageModel.ts';
import { readRecord } from '../../src/runs/record.ts';
import { OpenedRun } from '../../src/worker/openedRun.ts';
import { importRun } from '../../src/worker/portable/importRun.ts';
import { openStored } from '../../src/worker/openStored.ts';
import { loadTrainedModel } from '../../src/worker/trainedModel.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);
const TOLERANCE = 1e-5;
const ENVIRONMENT = { tensorflowPath: '', threads: 1, wideSimd: true };

/** What PyTorch computes with a model: see `torchModels.py`. */
interface Expected {
  readonly title: string;
  readonly text: string;
  readonly activation: 'tanh' | 'relu';
  readonly pooling?: 'mean';
  readonly probabilities?: readonly number[];
  readonly tokens?: readonly string[];
  /** `[time][tokens]` */
  readonly logProbabilities?: readonly (readonly number[])[];
  /** Norms of the gradient of the last loss by the hidden state of each step; of models of one layer. */
  readonly gradients?: readonly number[];
  /** Hidden states of the last layer, `[time][units]`. */
  readonly hidden?: readonly (readonly number[])[];
}

describe('models of PyTorch that are imported', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let models = '';
  before(async function () {
    const python = await prepareOrSkip(this, ensureTorch);
    models = join(await mkdtemp(join(tmpdir(), 'sequence-lab-test-')), 'models');
    await run(python, [join(root, 'test', 'fixtures', 'torchModels.py'), join(root, 'media', 'python'), models]);
  });

  after(async () => rm(dirname(models), { recursive: true, force: true }));

  const imported = async (number: string) => {
    const folder = join(models, number);
    const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected;
    const file = (await readdir(folder)).find((name) => name.startsWith('model.')) ?? '';
    const backends = { ...ENVIRONMENT, home: home() };
    const request = { file: join(folder, file), choices: choicesFor(expected), backends };
    const { folder: path } = await importRun({ ...request, out: join(home(), `run-${number}`) }, new Date());
    return { path, expected };
  };

  it('give the same probabilities and hidden states at each step, and the same classes', async () => {
    const numbers = await readdir(models);
    assert.ok(numbers.length >= 10);
    for (const number of numbers) {
      const { path, expected } = await imported(number);
      const record = await readRecord(path);
      assert.equal(record.state, 'imported');
      if (expected.probabilities) {
        const { classifier, dispose } = await openStored(path, record);
        const [answer] = (await classifier?.classify([expected.text])) ?? [];
        expected.probabilities.forEach((probability, label) =>
          assert.ok(Math.abs((answer?.probabilities[label] ?? NaN) - probability) < TOLERANCE, expected.title),
        );
        dispose();
        continue;
      }
      const { model, vocabulary } = await loadTrainedModel(path);
      const ids = vocabulary.encode(expected.text);
      const { tokens = [], logProbabilities = [], hidden = [] } = expected;
      const { logits, states } = await statesOf(model, ids);
      const place = tokens.map((token) => vocabulary.tokens.indexOf(token));
      logits.forEach((row, t) => {
        const total = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
        tokens.forEach((_, id) => {
          const own = (row[place[id] ?? -1] ?? NaN) - total;
          assert.ok(
            Math.abs(own - (logProbabilities[t]?.[id] ?? NaN)) < 10 * TOLERANCE,
            `${expected.title}, step ${t}`,
          );
        });
        hidden[t]?.forEach((value, unit) =>
          assert.ok(Math.abs((states[t]?.[unit] ?? NaN) - value) < TOLERANCE, `${expected.title}, step ${t}`),
        );
      });
      model.dispose();
    }
  });

  it('give the gradient of the last loss by the hidden state of each step', async () => {
    let compared = 0;
    for (const number of await readdir(models)) {
      const { path, expected } = await imported(number);
      if (!expected.gradients) continue;
      const opened = await OpenedRun.open(path, { ...ENVIRONMENT, home: home() });
      const { layers, timeSteps, advice, facts } = await opened.probe(expected.text, 'zero');
      opened.dispose();
      const byLag = expected.gradients.toReversed();
      const curve = layers[0]?.lastStep.h ?? [];
      assert.equal(timeSteps, byLag.length, expected.title);
      byLag.forEach((norm, lag) => {
        const relative = norm / (byLag[0] ?? 1);
        const own = curve[lag] ?? NaN;
        assert.ok(Math.abs(own - relative) <= 1e-4 * relative, `${expected.title}, lag ${lag}: ${own}, ${relative}`);
      });
      // The settings of its training are unknown.
      assert.deepEqual([advice, facts.filter(({ fact }) => fact === 'untrained')], [[], []]);
      compared++;
    }
    assert.ok(compared >= 4);
  });
});

/** What the weights do not tell. */
function choicesFor({ title, activation, pooling }: Expected) {
  return { ...(title.startsWith('rnn') && { activation }), ...(pooling && { pooling }) };
}

/** Logits and hidden states of the last layer at each step of a text. */
async function statesOf(
  model: LanguageModel,
  ids: Int32Array,
): Promise<{ readonly logits: readonly number[][]; readonly states: readonly number[][] }> {
  const { h, logits } = tf.tidy(() => {
    const x = tf.tensor2d(ids, [ids.length, 1], 'int32');
    const { h } = model.hiddenStates(x, model.zeroState(1));
    return { h: tf.squeeze<tf.Tensor2D>(h, [1]), logits: model.outputsOf(h) };
  });
  const lists = { logits: await logits.array(), states: await h.array() };
  tf.dispose([h, logits]);
  return lists;
}
