import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { readEndedTest } from '../../../src/cli/rangeTest.ts';
import { train } from '../../../src/cli/train.ts';
import { RANGE_TEST_FIELDS, rangeTestOf } from '../../../src/config/rangeTest.ts';
import { disk } from '../../../src/platform/files.ts';
import { readRecord, type RunRecord, writeRecord } from '../../../src/runs/record.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, train as trainToEnd } from '../worker/fixture.ts';
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

describe('train --range-test', function () {
  this.timeout(60_000);
  const home = temporaryFolder();

  it('reads the rate of a divergence from the run, since its loss is not logged, and nothing before the end', async () => {
    const start = request(home());
    const test = rangeTestOf(start.config, 40);
    const config = { ...test, training: { ...test.training, lastLearningRate: 0.01 } };
    const { folder } = await trainToEnd({ ...start, config });
    const record = await readRecord(folder);
    const readAs = async (state: RunRecord['state'], step = record.progress.step) => {
      const learning = { step: 40, findings: [], advice: [] };
      await writeRecord(folder, { ...record, state, progress: { ...record.progress, step, learning } }, disk);
      return readEndedTest(folder);
    };
    const [completed, diverged] = [await readAs('completed'), await readAs('diverged')];
    ok(typeof completed === 'object' && completed.diverges === null);
    deepEqual(diverged, { ...completed, diverges: 0.01 });
    for (const state of ['stopped', 'interrupted', 'failed', 'running'] as const)
      equal(await readAs(state, 39), undefined);
    equal(await readAs('running'), undefined);
    deepEqual(await readAs('stopped'), completed, 'it has its whole curve');
  });

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
