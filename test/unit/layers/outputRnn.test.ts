import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../../src/backends/registry.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { checkModel } from '../../../src/config/tasks.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { savedLanguageModel } from '../../../src/models/savedModels.ts';
import { Generator } from '../../../src/random/generator.ts';
import { assertClose } from '../../oracle/compare.ts';
import { assertNames, errorWith, type Fact } from '../../harness/facts.ts';

const [SYMBOLS, UNITS, STEPS, BATCH] = [5, 7, 9, 2];
const IDS = Array.from({ length: STEPS * BATCH }, (_, i) => (i * 7 + (i >> 2)) % SYMBOLS);

type Weights = ReadonlyMap<string, Float64Array>;

/**
 * Logits of every step, `[STEPS, BATCH, SYMBOLS]`, by the definition: the output of a step is an input of the next.
 */
function oracle(weights: Weights, bias: boolean): Float64Array {
  const weight = (name: string) => weights.get(name) ?? assert.fail(`no weight ${name}`);
  const [W, U, V, c] = ['simple_rnn_1/kernel', 'simple_rnn_1/recurrent_kernel', 'dense/kernel', 'dense/bias'].map(
    weight,
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const b = bias ? weight('simple_rnn_1/bias') : new Float64Array(UNITS);
  const logits = new Float64Array(STEPS * BATCH * SYMBOLS);
  for (let row = 0; row < BATCH; row++) {
    let before = c;
    for (let t = 0; t < STEPS; t++) {
      const at = t * BATCH + row;
      const h = b.map((offset, unit) => Math.tanh(offset + W[IDS[at]! * UNITS + unit]! + dot(before, U, unit, UNITS)));
      before = c.map((offset, symbol) => offset + dot(h, V, symbol, SYMBOLS));
      logits.set(before, at * SYMBOLS);
    }
  }
  return logits;
}

/** A row of numbers times a column of a matrix. */
function dot(row: Float64Array, matrix: Float64Array, column: number, columns: number): number {
  return row.reduce((sum, value, i) => sum + value * matrix[i * columns + column]!, 0);
}

/** A loss with a different weight for every logit of every step. */
const emphasis = Float64Array.from({ length: STEPS * BATCH * SYMBOLS }, (_, i) => Math.sin(1 + i));
const lossOf = (logits: Float64Array) => logits.reduce((sum, value, i) => sum + value * emphasis[i]!, 0);

function build(bias: boolean): { model: LanguageModel; weights: Map<string, Float64Array> } {
  const shape = modelSchema.parse({
    cell: 'rnn',
    units: UNITS,
    recurrence: 'output',
    bias,
    kernelInitializer: 'normal',
    standardDeviation: 0.6,
    recurrentInitializer: 'normal',
  });
  const model = new LanguageModel({ ...shape, vocabularySize: SYMBOLS });
  model.initialize(Generator.forPurpose(3, 'weights'), shape);
  for (const { name, variable } of model.parameters)
    if (name.endsWith('bias'))
      tf.tidy(() => variable.assign(tf.tensor1d(Array.from({ length: variable.size }, (_, i) => 0.1 * Math.cos(i)))));
  return {
    model,
    weights: new Map(model.parameters.map(({ name, variable }) => [name, Float64Array.from(variable.dataSync())])),
  };
}

for (const backend of ['reference', 'wasm'] as const) {
  describe(`output recurrence on ${backend}`, () => {
    before(async () => {
      await backendNamed(backend).load({ home: '', tensorflowPath: '', threads: 1 });
    });

    for (const bias of [true, false]) {
      it(`${bias ? 'with' : 'without'} a bias matches its definition, and its gradients finite differences`, () => {
        const { model, weights } = build(bias);
        tf.tidy(() => {
          const ids = tf.tensor2d(IDS, [STEPS, BATCH], 'int32');
          const logits = () => model.forward(ids, model.zeroState(BATCH)).logits;
          assertClose('logits', logits().dataSync(), oracle(weights, bias), 1e-5);
          const variables = model.parameters.map(({ variable }) => variable);
          const { grads } = tf.variableGrads(
            () => tf.sum(tf.mul(logits(), tf.tensor2d(Float32Array.from(emphasis), [STEPS * BATCH, SYMBOLS]))),
            variables,
          );
          for (const { name, variable } of model.parameters) {
            const values = weights.get(name) ?? assert.fail();
            const expected = values.map((value, i) => {
              const moved = (by: number) =>
                lossOf(oracle(new Map(weights).set(name, values.with(i, value + by)), bias));
              return (moved(1e-5) - moved(-1e-5)) / 2e-5;
            });
            assertClose(`gradient of ${name}`, grads[variable.name]!.dataSync(), expected, 1e-4);
          }
        });
        model.dispose();
      });
    }

    it('carries its state across windows, and is saved and loaded', async () => {
      const { model } = build(true);
      const loaded = savedLanguageModel.load(await savedLanguageModel.files(model, 'language-model'));
      tf.tidy(() => {
        const ids = tf.tensor2d(IDS, [STEPS, BATCH], 'int32');
        const whole = model.forward(ids, model.zeroState(BATCH)).logits;
        const first = loaded.forward(tf.slice(ids, [0, 0], [4, BATCH]), loaded.zeroState(BATCH));
        const second = loaded.forward(tf.slice(ids, [4, 0], [STEPS - 4, BATCH]), first.state);
        assertClose(
          'logits in two windows',
          tf.concat([first.logits, second.logits]).dataSync(),
          whole.dataSync(),
          1e-6,
        );
      });
      assertNames(model.stockObstacle, 'TensorFlow.js');
      model.dispose();
      loaded.dispose();
    });
  });
}

describe('configuration of an output recurrence', () => {
  const refused: readonly (readonly [Record<string, unknown>, ...Fact[]])[] = [
    [{ model: { recurrence: 'output', cell: 'rnn', layers: 2 } }, 2, '"hidden"'],
    [{ task: { name: 'adding' }, model: { recurrence: 'output', cell: 'rnn', bidirectional: true } }, '"hidden"'],
    [{ task: { name: 'reversing' }, model: { recurrence: 'output', cell: 'rnn' } }, '"hidden"'],
    [
      { task: { name: 'classification' }, model: { recurrence: 'output', cell: 'rnn', pooling: 'max' } },
      'model.pooling',
      '"last"',
    ],
  ];
  for (const [config, ...facts] of refused)
    it(`rejects ${JSON.stringify(config)}`, () =>
      assert.throws(
        () => checkModel(parseRunConfig(config as never)),
        errorWith({ name: 'ConfigError', fields: ['model.recurrence'] }, 'model.recurrence', ...facts),
      ));
});
