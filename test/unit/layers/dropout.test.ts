import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { Dropout } from '../../../src/layers/dropout.ts';
import { Lstm } from '../../../src/layers/lstm.ts';
import { RecurrentStack } from '../../../src/layers/recurrentStack.ts';
import { Generator } from '../../../src/random/generator.ts';
import { Random } from '../../oracle/random.ts';
import { errorWith } from '../../harness/facts.ts';

const generatorOf = (seed: number): Generator => Generator.forPurpose(seed, 'dropout');

describe('dropout', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const drop = (layer: Dropout, size = 200): number[] => [...layer.drop(tf.ones([size])).dataSync()];

  it('draws a new mask in every step, and the same masks from the same seed or a stored state', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 5 }), (seed, steps) => {
        const generator = generatorOf(seed);
        const layer = new Dropout({ name: 'dropout', rate: 0.5, generator });
        const again = new Dropout({ name: 'dropout', rate: 0.5, generator: generatorOf(seed) });
        for (let step = 0; step < steps; step++) assert.deepEqual(drop(layer), drop(again));
        const stored = JSON.parse(JSON.stringify(generator.state));
        const resumed = new Dropout({ name: 'dropout', rate: 0.5, generator: Generator.fromState(stored) });
        const next = drop(layer);
        assert.deepEqual(drop(resumed), next);
        assert.notDeepEqual(drop(layer), next);
      }),
      { numRuns: 20 },
    );
  });

  it('drops the given fraction, and keeps the mean', () => {
    for (const rate of [0, 0.2, 0.5, 0.9]) {
      const values = drop(new Dropout({ name: 'dropout', rate, generator: generatorOf(3) }), 40_000);
      const kept = Math.fround(1 / (1 - rate));
      assert.ok(values.every((value) => value === 0 || value === kept));
      const dropped = values.filter((value) => value === 0).length / values.length;
      // Four standard deviations.
      assert.ok(Math.abs(dropped - rate) <= 4 * Math.sqrt((rate * (1 - rate)) / values.length), `${dropped}`);
    }
  });

  it('has zero gradient for dropped values, and scaled gradients for the others', () => {
    const layer = new Dropout({ name: 'dropout', rate: 0.4, generator: generatorOf(9) });
    let mask = tf.tensor([]);
    const gradient = tf.grad((x) => tf.sum((mask = tf.keep(layer.drop(x)))))(tf.ones([50]));
    assert.deepEqual(gradient.dataSync(), mask.dataSync());
  });

  it('rejects a rate below 0 or of at least 1', () => {
    for (const rate of [1, -0.1, NaN]) {
      assert.throws(
        () => new Dropout({ name: 'dropout', rate, generator: generatorOf(1) }),
        errorWith({ name: 'RangeError' }, 0, 1, rate),
      );
    }
  });
});

describe('a stack of recurrent layers with dropout', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const UNITS = 6;

  function stackOf(layers: number, generator: Generator): RecurrentStack {
    const random = new Random(5);
    const lstms = Array.from({ length: layers }, (_, index) => {
      const name = `lstm_${index + 1}`;
      return new Lstm(index === 0 ? { name, units: UNITS, inputs: 3 } : { name, units: UNITS });
    });
    const stack = new RecurrentStack(lstms, { rate: 0.5, generator });
    const network = tf.sequential();
    stack.addTo(network);
    network.setWeights(
      network
        .getWeights()
        .map(({ shape, size }) => tf.tensor(Float32Array.from(random.matrix(1, size, 0.8).values), shape)),
    );
    return stack;
  }

  const run = (stack: RecurrentStack, training: boolean): number[] => {
    const x = tf.tensor(Float32Array.from(new Random(6).matrix(1, 4 * 2 * 3, 1).values), [4, 2, 3]);
    return [...stack.sequence(x, stack.zeroState(2), { training }).h.dataSync()];
  };

  it('drops between the layers in training only', () => {
    const generator = generatorOf(1);
    const stack = stackOf(2, generator);
    const { state } = generator;
    const evaluated = run(stack, false);
    assert.deepEqual(run(stack, false), evaluated);
    assert.deepEqual(generator.state, state, 'an evaluation draws nothing');
    const [first, second] = [run(stack, true), run(stack, true)];
    assert.notDeepEqual(first, evaluated);
    assert.notDeepEqual(first, second);
    // A mask of the states [4, 2, units], then another one.
    assert.notDeepEqual(generator.state, state);
    assert.deepEqual(run(stackOf(2, Generator.fromState(state)), true), first);
  });

  it('drops nothing before the first layer or after the last', () => {
    const generator = generatorOf(2);
    const stack = stackOf(1, generator);
    assert.deepEqual(run(stack, true), run(stack, false));
    assert.deepEqual(generator.state, generatorOf(2).state);
  });
});
