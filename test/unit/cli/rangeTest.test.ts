import { rejects } from 'node:assert/strict';
import { train } from '../../../src/cli/train.ts';
import { RANGE_TEST_FIELDS } from '../../../src/config/rangeTest.ts';
import { errorWith } from '../../harness/facts.ts';

/** Values of the fields that make a run a range test, each of which would make it another run. */
const OTHER: Readonly<Record<string, string>> = {
  'training.schedule': 'cosine',
  'training.learningRate': '0.003',
  'training.warmUp': '50',
  'training.decayEvery': '7',
  'training.decayFactor': '0.25',
  'training.plateauPatience': '2',
  'training.steps': '30',
  'training.seconds': '5',
  'training.patience': '3',
  'training.stopWhenSolved': 'true',
};

describe('train --range-test', () => {
  for (const [field, value] of [
    ...RANGE_TEST_FIELDS.map((path) => [path, OTHER[path]] as const),
    ['training.lastLearningRate', '0.000001'] as const,
  ])
    it(`refuses --set ${field}, with which it would not be the test`, async () => {
      const set = [`${field}=${value}`];
      await rejects(
        train('missing.txt', { set, rangeTest: true, json: true }),
        errorWith({ name: 'ConfigError', fields: [field] }, field),
      );
    });
});
