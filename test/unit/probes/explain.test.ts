import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { wasmBackend } from '../../../src/backends/wasm.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { mapState } from '../../../src/layers/states.ts';
import { LanguageModel, type LanguageModelShape } from '../../../src/models/languageModel.ts';
import { writeVariables } from '../../../src/models/weights.ts';
import { backwardPass, type Loss, lossAt } from '../../../src/probes/explain/backwardPass.ts';
import { explainGradient } from '../../../src/probes/explain/explainGradient.ts';
import { explainStep, gatesOf } from '../../../src/probes/explain/explainStep.ts';
import { type ForwardPass, forwardPass } from '../../../src/probes/explain/forwardPass.ts';
import { unitValues } from '../../../src/probes/inspection/activations.ts';
import { disposeStates, readTokens } from '../../../src/probes/inspection/readTokens.ts';
import { EXPLAINED_TERMS, type ExplainedStateGradient, type ExplainedSum } from '../../../src/protocol/explain.ts';
import { storedState } from '../../../src/training/carriedState.ts';
import { textModel } from '../../../src/training/textReading.ts';
import { cellKinds } from '../../oracle/cells.ts';
import { assertClose } from '../../oracle/compare.ts';
import { forwardAndBackward } from '../../oracle/languageModel.ts';
import { Random, randomWeights, randomWindow } from '../../oracle/random.ts';
import { storedModel, storedStates } from '../../oracle/storedTensors.ts';
import { errorWith } from '../../harness/facts.ts';

const [VOCABULARY, STEPS] = [7, 6];
const TOKENS = Array.from('abcdefg');
const ALL_STEPS = Array.from({ length: STEPS }, (_, t) => t);

/** Options of a language model that the oracle does not have. */
const OTHER_MODELS: Readonly<Record<string, Partial<LanguageModelShape>>> = {
  'LSTM with a projection': { cell: 'lstm', projection: 3 },
  'RNN with output recurrence': { cell: 'rnn', recurrence: 'output' },
  'GRU without bias': { cell: 'gru', bias: false },
  'LSTM with tied weights': { cell: 'lstm', units: 5, embedding: 5, tieWeights: true },
};

/** A language model with random weights, random states and a random text. */
function randomModel(shape: Partial<LanguageModelShape>, seed: number) {
  const random = new Random(seed);
  const model = new LanguageModel({
    ...modelSchema.parse({}),
    layers: 2,
    units: 5,
    embedding: 0,
    vocabularySize: VOCABULARY,
    ...shape,
  });
  for (const { variable } of model.parameters) tf.tidy(() => variable.assign(randomTensor(random, variable.shape)));
  const ids = Int32Array.from(ALL_STEPS, () => random.integer(VOCABULARY));
  const states = model.zeroState(1).map((state) => mapState(state, (_, { shape }) => randomTensor(random, shape)));
  return { model, ids, states };
}

function randomTensor<Rank extends tf.Rank>(random: Random, shape: tf.ShapeMap[Rank]): tf.Tensor<Rank> {
  return tf.tensor(Float32Array.from(random.matrix(1, tf.util.sizeFromShape(shape), 0.9).values), shape);
}

/** Asserts that a sum is that of its terms, largest first, and the rest. */
function assertAddsUp({ total, terms, rest }: ExplainedSum, count: number): void {
  assertSum([...terms.map(({ product }) => product), rest.total], total);
  for (const { weight, value, product } of terms) assert.equal(weight * value, product);
  const sizes = terms.map(({ product }) => Math.abs(product));
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => b - a),
  );
  assert.equal(terms.length, Math.min(count, EXPLAINED_TERMS));
  assert.equal(terms.length + rest.count, count);
}

/** Asserts that parts add up to a total, up to the rounding of doubles. */
function assertSum(parts: readonly number[], total: number): void {
  const sum = parts.reduce((all, part) => all + part, 0);
  const size = parts.reduce((all, part) => all + Math.abs(part), 0);
  assert.ok(Math.abs(sum - total) <= 1e-13 * size, `${parts.join(' + ')} = ${total}`);
}

/** Every unit of every layer at every step. */
function everywhere(pass: ForwardPass) {
  return pass.layers.flatMap(({ layer }, index) =>
    Array.from({ length: layer.weights.units }, (_, unit) =>
      ALL_STEPS.map((step) => ({ layer: index, unit, step })),
    ).flat(),
  );
}

const valuesOf = ({ parts }: ExplainedStateGradient) => parts.map(({ value }) => value);

const weightFrom = (pass: ForwardPass, layer: number, from = 0) => ({
  gate: gatesOf(pass.layers[layer]!.layer.cell.kind).at(-1)!.name,
  from,
});

describe('explanations', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  describe('agree with the oracle', () => {
    for (const [name, kind] of Object.entries(cellKinds)) {
      it(`${name}: states, logits, gradients by every state and weight`, async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.record({
              seed: fc.nat(1e6),
              layers: fc.integer({ min: 1, max: 2 }),
              units: fc.integer({ min: 1, max: 11 }),
              embedding: fc.constantFrom(0, 3),
            }),
            async ({ seed, ...sizes }) => {
              const random = new Random(seed);
              const shape = { kind, vocabularySize: VOCABULARY, ...sizes };
              const weights = randomWeights(random, shape);
              const window = randomWindow(random, shape, STEPS, 1);
              const expected = forwardAndBackward(weights, window);
              const stored = storedModel(shape, weights);
              const model = new LanguageModel(stored.shape);
              writeVariables(model.parameters, stored.weights);
              const states = storedState(model.zeroState(1), storedStates(window.initial));
              const ids = Int32Array.from(window.ids.flat());
              const pass = await forwardPass(textModel(model), ids, states);
              const targets = window.targets.flat();
              const loss = lossAt(pass, targets, null);
              assertClose('loss', [loss.value / STEPS], [expected.loss], 1e-12);
              const backward = backwardPass(pass, loss);
              for (const t of ALL_STEPS) assertClose('logits', pass.logits[t]!, expected.logits[t]!.values, 1e-12);
              for (const [l, layer] of pass.layers.entries()) {
                for (const t of ALL_STEPS) {
                  const [h, c] = expected.layers[l]!.states[t]!;
                  assertClose('h', layer.steps[t]!.state.h, h.values, 1e-12);
                  if (c) assertClose('c', layer.steps[t]!.state.c!, c.values, 1e-12);
                  const [dh, dc] = expected.stateGradients[l]![t]!;
                  const found = backward.layers[l]![t]!.state;
                  assertClose(
                    'dh',
                    found.h.map((value) => value / STEPS),
                    dh.values,
                    1e-10,
                  );
                  if (dc)
                    assertClose(
                      'dc',
                      found.c!.map((value) => value / STEPS),
                      dc.values,
                      1e-10,
                    );
                }
                const { recurrentKernel } = expected.gradients.layers[l]!;
                const from = random.integer(sizes.units);
                const unit = random.integer(sizes.units);
                for (const { name: gate, block } of gatesOf(layer.layer.cell.kind)) {
                  const { weight } = explainGradient(
                    { pass, backward, loss, tokens: TOKENS },
                    { layer: l, unit, step: 0 },
                    { gate, from },
                  );
                  const column = block * sizes.units + unit;
                  assertClose('dU', [weight.total / STEPS], [recurrentKernel.at(from, column)], 1e-9);
                  assertClose(
                    'sum over k',
                    [weight.steps.reduce((sum, { value }) => sum + value, 0)],
                    [weight.total],
                    1e-12,
                  );
                  assertClose('norm of dU', [weight.norm / STEPS], [Math.hypot(...recurrentKernel.values)], 1e-10);
                }
              }
              model.dispose();
            },
          ),
          { numRuns: 6 },
        );
      });
    }
  });

  const shapes: Readonly<Record<string, Partial<LanguageModelShape>>> = {
    ...Object.fromEntries(Object.entries(cellKinds).map(([name, kind]) => [name, { ...kind }])),
    ...OTHER_MODELS,
  };

  for (const [name, shape] of Object.entries(shapes)) {
    it(`${name}: add up in every sum, forward and backward`, async () => {
      const { model, ids, states } = randomModel({ units: 12, ...shape }, 3);
      const pass = await forwardPass(textModel(model), ids, states);
      const targets = [...ids.slice(1)];
      const loss = lossAt(pass, targets, STEPS - 2);
      const backward = backwardPass(pass, loss);
      const explainedLoss = { pass, backward, loss, tokens: TOKENS };
      for (const at of everywhere(pass)) {
        const { layer, unit, step } = at;
        const explained = explainStep(pass, at, TOKENS, targets[step]);
        const { units, kernel } = pass.layers[layer]!.layer.weights;
        for (const { input, recurrent, bias, recurrentBias, factor, total } of explained.gates) {
          assertAddsUp(input, layer === 0 && !shape.embedding ? 1 : kernel.rows);
          assertAddsUp(recurrent, units);
          const scale = factor ?? 1;
          assertSum([input.total, bias, scale * recurrent.total, scale * (recurrentBias ?? 0)], total);
        }
        for (const { sum, bias, logit } of explained.outputs) {
          assertAddsUp(sum, pass.outputs[step]!.length);
          assertSum([sum.total, bias], logit);
        }
        if (step > STEPS - 2) continue;
        const gradient = explainGradient(explainedLoss, at, weightFrom(pass, layer));
        for (const { byValue, slope, total } of gradient.gates) assert.equal(byValue * slope, total);
        const state = backward.layers[layer]![step]!.state;
        assertSum(valuesOf(gradient.h), state.h[unit]!);
        if (gradient.c) assertSum(valuesOf(gradient.c), state.c![unit]!);
        for (const { sum, factor, value } of [...gradient.h.parts, ...(gradient.c?.parts ?? [])]) {
          assertAddsUp(sum, sum.terms.length + sum.rest.count);
          assert.equal((factor ?? 1) * sum.total, value);
        }
      }
      model.dispose();
      disposeStates(states);
    });

    it(`${name}: the gradients by the states are those of finite differences`, async () => {
      const { model, ids, states } = randomModel(shape, 5);
      const reader = textModel(model);
      const pass = await forwardPass(reader, ids, states);
      const targets = [...ids.slice(1), undefined];
      for (const step of [STEPS - 2, null]) {
        const loss = lossAt(pass, targets, step);
        const backward = backwardPass(pass, loss);
        for (const [layer, { layer: explained, steps }] of pass.layers.entries()) {
          for (const [part, values] of Object.entries(explained.before) as ['h' | 'c', Float64Array][]) {
            const found = backward.layers[layer]![0]!.before[part]!;
            const expected = found.map((_, j) => {
              const lossWith = (by: number) => {
                const before = { ...explained.before, [part]: values.map((value, i) => value + (i === j ? by : 0)) };
                return replayedLoss(pass, layer, before, loss);
              };
              return (lossWith(1e-4) - lossWith(-1e-4)) / 2e-4;
            });
            assertClose(`d${part} of ${explained.name}`, found, expected, 1e-6);
          }
          assert.equal(steps.length, STEPS);
        }
      }
      model.dispose();
      disposeStates(states);
    });
  }

  for (const backend of [referenceBackend, wasmBackend]) {
    it(`have the gates, states and logits of the kernels of ${backend.name}, and leak no tensors`, async () => {
      await backend.load({ home: '', tensorflowPath: '' });
      for (const [name, shape] of Object.entries(shapes)) {
        const { model, ids, states } = randomModel(shape, 11);
        const reader = textModel(model);
        const before = tf.memory().numTensors;
        const pass = await forwardPass(reader, ids, states);
        assert.equal(tf.memory().numTensors, before, name);
        const read = await readTokens(reader, ids, states, true);
        assertClose(
          `${name}: logits`,
          pass.logits.flatMap((row) => [...row]),
          read.logits,
          1e-5,
        );
        for (const [layer, activations] of read.activations.entries()) {
          for (let unit = 0; unit < activations.cell.units; unit++) {
            for (const { name: activation } of activations.cell.kind.activations) {
              const found = ALL_STEPS.map((step) => {
                const explained = explainStep(pass, { layer, unit, step }, TOKENS, undefined);
                const states = { hidden: explained.state.h, cellState: explained.state.c ?? NaN };
                return (
                  explained.gates.find(({ gate }) => gate === activation)?.value ??
                  states[activation as keyof typeof states]
                );
              });
              const expected = unitValues(activations, activation, unit);
              for (const [t, value] of found.entries())
                assert.ok(Math.abs(value - expected[t]!) < 1e-5, `${name}: ${activation} at ${t}`);
            }
          }
        }
        model.dispose();
        disposeStates([...read.states, ...states]);
      }
      await referenceBackend.load({ home: '', tensorflowPath: '' });
    });
  }

  it('list the correct output even if it is unlikely, and the part of a logit from the unit', async () => {
    const { model, ids, states } = randomModel({ cell: 'gru', layers: 1, units: 3 }, 21);
    const pass = await forwardPass(textModel(model), ids, states);
    const order = TOKENS.map((_, i) => i).sort((a, b) => pass.probabilities[2]![b]! - pass.probabilities[2]![a]!);
    const [explained, other] = [order.at(-1), undefined].map((target) =>
      explainStep(pass, { layer: 0, unit: 1, step: 2 }, TOKENS, target),
    );
    assert.deepEqual(
      explained?.outputs.map(({ index }) => index),
      [...order.slice(0, 5), order.at(-1)],
    );
    assert.equal(other?.outputs.length, 5);
    for (const { sum, fromUnit, index } of other?.outputs ?? []) {
      assert.equal(fromUnit, sum.terms.find((term) => term.index === 1)?.product);
      assert.ok(index >= 0);
    }
    model.dispose();
    disposeStates(states);
  });

  it('name a step that the loss does not depend on, and a weight that the layer lacks', async () => {
    const { model, ids, states } = randomModel({ cell: 'lstm' }, 2);
    const pass = await forwardPass(textModel(model), ids, states);
    const loss = lossAt(pass, [...ids.slice(1)], 2);
    const backward = backwardPass(pass, loss);
    const explainedLoss = { pass, backward, loss, tokens: TOKENS };
    const at = (step: number) => ({ layer: 0, unit: 0, step });
    assert.throws(
      () => explainGradient(explainedLoss, at(3), { gate: 'input', from: 0 }),
      errorWith({ name: 'RangeError' }),
    );
    for (const weight of [
      { gate: 'update' as const, from: 0 },
      { gate: 'input' as const, from: 5 },
    ])
      assert.throws(
        () => explainGradient(explainedLoss, at(2), weight),
        errorWith({ name: 'RangeError' }, 'lstm_1', weight.gate, weight.from),
      );
    model.dispose();
    disposeStates(states);
  });
});

/** Loss of the same weights and text, with another state before the first step of one layer. */
function replayedLoss(pass: ForwardPass, changed: number, before: { h: Float64Array }, { targets }: Loss): number {
  const times = (vector: Float64Array, kernel: { values: Float64Array; columns: number }) =>
    Float64Array.from({ length: kernel.columns }, (_, column) =>
      vector.reduce((sum, value, row) => sum + value * kernel.values[row * kernel.columns + column]!, 0),
    );
  let outputs: Float64Array[] = [];
  pass.layers.forEach(({ layer, inputs }, index) => {
    let state = index === changed ? before : layer.before;
    outputs = inputs.map((input, t) => {
      const { kernel } = layer.weights;
      const fromInput =
        typeof input === 'number'
          ? kernel.values.slice(input * kernel.columns, (input + 1) * kernel.columns)
          : times(index > 0 ? outputs[t]! : input, kernel);
      ({ state } = layer.equations.step(fromInput, state));
      return layer.projection ? times(state.h, layer.projection) : state.h;
    });
  });
  return targets.reduce<number>((sum, target, t) => {
    if (target === undefined) return sum;
    const logits = times(outputs[t]!, pass.model.output.kernel).map((value, i) => value + pass.model.output.bias[i]!);
    return sum + Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0)) - logits[target]!;
  }, 0);
}
