import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { wasmBackend } from '../../../src/backends/wasm.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import type { SequenceLabBackend } from '../../../src/kernels/wasm/backend.ts';
import { createStepper } from '../../../src/kernels/stepper.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { outputWidth } from '../../../src/models/recurrentLayers.ts';
import type { ModelState } from '../../../src/models/recurrentNetwork.ts';
import { Generator } from '../../../src/random/generator.ts';
import { advance, disposeState, pickRows } from '../../../src/training/carriedState.ts';
import { TokenSteps } from '../../../src/training/tokenSteps.ts';

const cell = fc.oneof(
  fc.record({
    cell: fc.constant('lstm' as const),
    projection: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 })),
  }),
  fc.record({ cell: fc.constant('gru' as const), resetAfter: fc.boolean() }),
  fc.record({
    cell: fc.constant('rnn' as const),
    activation: fc.constantFrom('tanh' as const, 'relu' as const, 'linear' as const),
    recurrence: fc.constantFrom('hidden' as const, 'output' as const),
  }),
);

/** Models and texts of sizes around those of tiles and panels. */
const cases = fc.record({
  shape: cell,
  layers: fc.integer({ min: 1, max: 3 }),
  units: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 64, 65, 257)),
  embedding: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
  tieWeights: fc.boolean(),
  bias: fc.boolean(),
  vocabularySize: fc.oneof(fc.integer({ min: 2, max: 40 }), fc.constantFrom(65, 300)),
  batch: fc.integer({ min: 1, max: 8 }),
  prompt: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function modelOf({ shape, seed, tieWeights, embedding, layers, units, bias, vocabularySize }: Case): LanguageModel {
  const config = modelSchema.parse({ layers, units, bias, ...shape });
  const isTied = tieWeights && embedding > 0;
  const sizes = { vocabularySize, embedding: isTied ? outputWidth(config) : embedding, tieWeights: isTied };
  const model = new LanguageModel({ ...config, ...sizes });
  const generator = Generator.forPurpose(seed, 'weights');
  for (const { variable } of model.parameters) {
    const values = Float32Array.from({ length: variable.size }, () => 0.5 * generator.nextNormal());
    tf.tidy(() => void variable.assign(tf.tensor(values, variable.shape)));
  }
  return model;
}

/** Token ids, and the rows that each step continues; undefined for every other step, which continues all rows. */
function stepsOf({ batch, prompt, vocabularySize, seed }: Case) {
  const generator = Generator.forPurpose(seed, 'tokens');
  const ids = (count: number) => Int32Array.from({ length: count }, () => generator.nextBelow(vocabularySize));
  let rows = batch;
  const steps = Array.from({ length: 6 }, (_, index) => {
    if (index % 2 === 0) return { ids: ids(rows), from: undefined };
    const before = rows;
    rows = 1 + generator.nextBelow(ROWS);
    return { ids: ids(rows), from: Array.from({ length: rows }, () => generator.nextBelow(before)) };
  });
  return { first: ids(prompt * batch), steps };
}

/** Maximum number of rows. */
const ROWS = 12;

/** The logits of every step, with tensors. */
function ofTensors(model: LanguageModel, example: Case): Float32Array[] {
  const { first, steps } = stepsOf(example);
  let state: ModelState = model.zeroState(example.batch);
  const read = (ids: Int32Array, batch: number): Float32Array => {
    const { result, state: after } = advance(model, ids, [ids.length / batch, batch], state, (logits) => logits);
    disposeState(state);
    state = after;
    const values = result.dataSync<'float32'>();
    result.dispose();
    return values.slice(values.length - batch * example.vocabularySize);
  };
  const all = [read(first, example.batch)];
  for (const { ids, from } of steps) {
    if (from) {
      const picked = pickRows(state, from);
      disposeState(state);
      state = picked;
    }
    all.push(read(ids, ids.length));
  }
  disposeState(state);
  return all;
}

async function ofSteps(model: LanguageModel, example: Case): Promise<Float32Array[]> {
  const { first, steps } = stepsOf(example);
  const tokens = new TokenSteps(model, model.zeroState(example.batch), Math.max(ROWS, example.batch));
  try {
    const all = [await tokens.begin(first, example.batch)];
    for (const { ids, from } of steps) all.push(await tokens.next(ids, from));
    return all;
  } finally {
    tokens.dispose();
  }
}

describe('steps of a language model that writes', function () {
  this.timeout(120_000);
  it('have the same logits on the kernels of a stepper as with tensors, and free what they allocate', async () => {
    await wasmBackend.load({ home: '', tensorflowPath: '', threads: 2 });
    const { heap } = (tf.backend() as SequenceLabBackend).runtime;
    await fc.assert(
      fc.asyncProperty(cases, async (example) => {
        const model = modelOf(example);
        const expected = ofTensors(model, example);
        const counts = () => [tf.memory().numTensors, heap.usage.used];
        const held = counts();
        assert.deepEqual(await ofSteps(model, example), expected);
        assert.deepEqual(counts(), held);
        model.dispose();
      }),
      { numRuns: 80 },
    );
  });

  it('exist for every cell on the WebAssembly kernels', async () => {
    await wasmBackend.load({ home: '', tensorflowPath: '', threads: 2 });
    await fc.assert(
      fc.asyncProperty(cases, async (example) => {
        const model = modelOf(example);
        const state = model.zeroState(example.batch);
        const stepper = model.stepper(state, example.batch);
        assert.ok(stepper);
        stepper.dispose();
        disposeState(state);
        model.dispose();
      }),
      { numRuns: 20 },
    );
  });

  it('run with tensors if the memory of the kernels has no room for a stepper, and leave nothing there', async () => {
    await wasmBackend.load({ home: '', tensorflowPath: '', threads: 2 });
    const { heap } = (tf.backend() as SequenceLabBackend).runtime;
    const shape = modelSchema.parse({ units: 8 });
    const model = new LanguageModel({ ...shape, vocabularySize: 9 });
    const state = model.zeroState(1);
    const counts = () => [tf.memory().numTensors, heap.usage.used];
    const held = counts();
    assert.equal(model.stepper(state, 2 ** 40), undefined);
    assert.deepEqual(counts(), held);
    disposeState(state);
    model.dispose();
  });

  it('keep the weights that they began with', async () => {
    await wasmBackend.load({ home: '', tensorflowPath: '', threads: 2 });
    const shape = modelSchema.parse({ units: 8 });
    const model = new LanguageModel({ ...shape, vocabularySize: 9 });
    model.initialize(Generator.forPurpose(1, 'weights'), shape);
    const written = async (change: () => void): Promise<Float32Array[]> => {
      const steps = new TokenSteps(model, model.zeroState(1), 1);
      const all = [await steps.begin(Int32Array.of(3), 1)];
      change();
      for (const id of [2, 4, 1]) all.push(await steps.next(Int32Array.of(id)));
      steps.dispose();
      return all;
    };
    const expected = await written(() => undefined);
    const changed = await written(() => {
      for (const { variable } of model.parameters) tf.tidy(() => void variable.assign(tf.onesLike(variable)));
      // Takes the memory that the assignments have freed.
      tf.dispose(tf.ones([64, 64]));
    });
    assert.deepEqual(changed, expected);
    model.dispose();
  });

  it('run with tensors on a backend without a stepper', async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '' });
    await fc.assert(
      fc.asyncProperty(cases, async (example) => {
        const small = { ...example, units: Math.min(example.units, 8), layers: 1 };
        const model = modelOf(small);
        const { kernel, bias } = { kernel: tf.zeros<tf.Rank.R2>([1, 1]), bias: tf.zeros<tf.Rank.R1>([1]) };
        assert.equal(createStepper({ table: undefined, layers: [], output: { kernel, bias } }, [], 1), undefined);
        tf.dispose([kernel, bias]);
        const expected = ofTensors(model, small);
        const tensors = tf.memory().numTensors;
        assert.deepEqual(await ofSteps(model, small), expected);
        assert.equal(tf.memory().numTensors, tensors);
        model.dispose();
      }),
      { numRuns: 10 },
    );
  });
});
