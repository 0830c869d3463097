import assert from 'node:assert/strict';
import { errorWith } from '../../harness/facts.ts';
import { plannedTrials } from '../../../src/sweeps/plannedTrials.ts';
import { sweepOf } from './examples.ts';

const rate = { 'training.learningRate': { values: [0.1, 0.01] } };
const random = { name: 'random' };

/** Sweep files that cannot be used, with the field and the facts that the message names. */
const refused: Readonly<Record<string, readonly [file: object, field: string, ...facts: (string | number)[]]>> = {
  'an unknown part': [{ fields: rate, metod: 'grid' }, 'metod'],
  'an unknown configuration field': [
    { fields: { 'training.lernrate': { values: [1] } } },
    'fields.training.lernrate',
    'training.lernrate',
  ],
  'a similar configuration field': [{ fields: { unit: { values: [1] } } }, 'fields.unit', 'model.units'],
  'no field': [{ fields: {} }, 'fields'],
  'an empty range': [
    { fields: { 'training.learningRate': { range: [1, 0.1] } } },
    'fields.training.learningRate',
    1,
    0.1,
  ],
  'a logarithm of zero': [
    { fields: { 'training.clipNorm': { range: [0, 1], scale: 'log' } } },
    'fields.training.clipNorm',
    'log',
    0,
  ],
  'values and a range': [
    { fields: { 'training.learningRate': { values: [1], range: [0.1, 1] } } },
    'fields.training.learningRate',
    'values',
    'range',
  ],
  'a field without values': [{ fields: { 'training.learningRate': {} } }, 'fields.training.learningRate', 'choices'],
  'a range of names': [{ fields: { 'model.cell': { range: [0, 1] } } }, 'fields.model.cell', 'choices'],
  'a value that the field does not allow': [{ fields: { 'model.units': { values: [8, 0] } } }, 'fields.model.units', 0],
  'a value that is listed twice': [{ fields: { 'model.units': { values: [8, 8] } } }, 'fields.model.units', 8],
  'points of values': [{ fields: { 'model.units': { values: [8], points: 2 } } }, 'fields.model.units', 'points'],
  'a range in a grid without points': [
    { fields: { 'training.learningRate': { range: [0.1, 1] } } },
    'fields.training.learningRate.points',
    'points',
  ],
  'too many grid points': [
    {
      fields: {
        'training.learningRate': { range: [0.1, 1], points: 200 },
        'model.units': { range: [1, 100] },
      },
    },
    'fields',
    10_000,
  ],
  'more grid points than trials': [{ fields: rate, budget: { trials: 1 } }, 'fields', 'budget.trials'],
  'a condition on a missing field': [
    { fields: { 'model.forgetBias': { values: [1], when: { 'model.cell': ['lstm'] } } } },
    'fields.model.forgetBias.when.model.cell',
    'model.cell',
  ],
  'a condition that is never met': [
    {
      fields: {
        'model.cell': { choices: ['gru', 'lstm'] },
        'model.units': { values: [2], when: { 'model.cell': ['rnn'] } },
      },
    },
    'fields.model.units.when.model.cell',
    'rnn',
  ],
  'conditions in a circle': [
    {
      fields: {
        'model.units': { values: [1], when: { 'model.layers': [1] } },
        'model.layers': { values: [1], when: { 'model.units': [1] } },
      },
    },
    'fields.model.units.when',
    'model.layers',
  ],
  'a field that has no effect': [
    { fields: { 'model.cell': { choices: ['gru', 'lstm'] }, 'model.forgetBias': { values: [2, 3] } } },
    'fields.model.forgetBias',
    'model.cell',
    'when',
  ],
  'a seed as a field': [{ fields: { seed: { values: [1] } } }, 'fields.seed', 'seeds'],
  'a draw without a number': [{ fields: rate, method: random }, 'budget.trials', 'random'],
  'fewer trials than seeds': [{ fields: rate, method: random, seeds: 3, budget: { trials: 2 } }, 'budget.trials', 3],
  'too few trials for the rungs': [
    { fields: rate, method: { name: 'asha' }, budget: { trials: 8 } },
    'budget.trials',
    9,
    8,
  ],
  'one rung': [
    { fields: rate, method: { name: 'halving', minimumSteps: 4000 }, budget: { trials: 9 } },
    'method.minimumSteps',
    1666,
  ],
  'steps as a field of rungs': [
    { fields: { 'training.steps': { values: [10] } }, method: { name: 'asha' }, budget: { trials: 9 } },
    'fields.training.steps',
  ],
  'an objective without a direction': [
    { fields: rate, objective: { metric: 'gradientNorm' } },
    'objective.direction',
    'gradientNorm',
  ],
  'an unknown objective': [{ fields: rate, objective: { metric: 'loss' } }, 'objective.metric', 'loss'],
};

describe('sweep files', () => {
  for (const [name, [file, field, ...facts]] of Object.entries(refused))
    it(`refuses ${name}, and names the field`, () => {
      assert.throws(
        () => plannedTrials(sweepOf(file)),
        (error) => errorWith({ name: 'ConfigError', fields: [field] }, ...facts)(error),
      );
    });

  it('has the direction of the metric, and the seeds from that of the base on', () => {
    const sweep = sweepOf({ fields: rate, seeds: 3 }, { seed: 5 });
    assert.deepEqual(sweep.objective, { metric: 'validationLoss', direction: 'lower' });
    assert.deepEqual(sweep.seeds, [5, 6, 7]);
    assert.deepEqual(sweepOf({ fields: rate, objective: { metric: 'itemsPerSecond' } }).objective.direction, 'higher');
    assert.deepEqual(sweepOf({ fields: rate, seeds: [4, 9] }).seeds, [4, 9]);
  });

  it('has rungs that end with the steps of the base, each after a validation that is due', () => {
    const method = { name: 'asha', eta: 3 };
    const { rungs } = sweepOf({ fields: rate, method, budget: { trials: 9 } }, { training: { steps: 900 } });
    assert.deepEqual(rungs, [100, 300, 900]);
    const odd = sweepOf(
      { fields: rate, method, budget: { trials: 9 } },
      { training: { steps: 1000, validateEvery: 50 } },
    );
    assert.deepEqual(odd.rungs, [150, 350, 1000]);
    const fewer = { ...method, minimumSteps: 200 };
    assert.deepEqual(
      sweepOf({ fields: rate, method: fewer, budget: { trials: 9 } }, { training: { steps: 900 } }).rungs,
      [300, 900],
    );
  });

  it('plans no rungs that no setting reaches', () => {
    const sweep = sweepOf(
      {
        fields: { 'model.cell': { choices: ['lstm', 'gru'] }, 'model.units': { values: [4, 8, 16, 32] } },
        method: { name: 'asha', eta: 3, minimumSteps: 100 },
        budget: { trials: 12 },
      },
      { training: { steps: 900, validateEvery: 100 } },
    );
    assert.equal(sweep.rungs?.length, 3);
    assert.throws(() => plannedTrials(sweep), { name: 'ConfigError' });
  });
});
