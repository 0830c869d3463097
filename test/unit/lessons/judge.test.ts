import assert from 'node:assert/strict';
import { runConfigSchema } from '../../../src/config/schema.ts';
import { type Claim, jobKey, jobsOf, judge, tableOf } from '../../bench/lessons/judge.ts';
import { lessonConfig } from '../../bench/lessons/lessonConfig.ts';
import type { LessonRecord } from '../../bench/lessons/records.ts';

const SEEDS = [1, 2, 3, 4, 5];

function endedAfter(steps: number): LessonRecord {
  const config = runConfigSchema.parse({});
  return { config, reason: 'completed', solvedAt: steps, steps, trained: [], validations: [], probes: [] };
}

function claimed(changes: Partial<Claim>): Claim {
  return {
    lesson: 'clipping',
    claim: 'it is quick',
    runs: ['clipped'],
    holds: ({ clipped }) => (clipped?.steps ?? Infinity) < 300,
    figures: ({ clipped }) => String(clipped?.steps),
    share: 0.8,
    ...changes,
  };
}

describe('claims of the lessons', () => {
  const recordsOf = (claims: readonly Claim[]) =>
    new Map(jobsOf(claims, SEEDS).map((job) => [jobKey(job), endedAfter(100 * job.seed)]));

  it('are trained once for all claims about a run', () => {
    assert.equal(jobsOf([claimed({}), claimed({ runs: ['clipped', 'notClipped'] })], SEEDS).length, 10);
    assert.equal(jobsOf([claimed({}), claimed({ changes: { 'training.steps': 3 } })], SEEDS).length, 10);
  });

  it('pass if they hold for at least their share of the seeds', () => {
    for (const [share, passes] of [
      [0.4, true],
      [0.41, false],
      [0.6, false],
      [0, true],
    ] as const) {
      const claim = claimed({ share });
      const [judged] = judge([claim], SEEDS, recordsOf([claim]));
      assert.deepEqual(judged?.held, [1, 2]);
      assert.equal(judged?.passes, passes, String(share));
    }
  });

  it('are printed with the figures of each seed', () => {
    const claim = claimed({ share: 0.2 });
    const row = tableOf(judge([claim], SEEDS, recordsOf([claim]))).split('\n')[2];
    assert.deepEqual(row?.split(' | ').slice(2), ['2 of 5', '1', '100; 200; 300; 400; 500 |']);
  });

  it('need the runs of all seeds', () => {
    assert.throws(() => judge([claimed({})], SEEDS, new Map()), /clipped/);
  });
});

describe('runs of the lessons', () => {
  it('differ in clipping only', async () => {
    const [clipped, free] = [await lessonConfig('clipping', 'clipped'), await lessonConfig('clipping', 'notClipped')];
    assert.deepEqual([clipped.training.clipNorm, free.training.clipNorm], [1, 0]);
    assert.deepEqual({ ...free, training: { ...free.training, clipNorm: 1 } }, clipped);
  });

  it('differ in recurrence only', async () => {
    const [hidden, output] = [await lessonConfig('recurrence', 'hidden'), await lessonConfig('recurrence', 'output')];
    assert.deepEqual([hidden.model.recurrence, output.model.recurrence], ['hidden', 'output']);
    assert.deepEqual({ ...output, model: { ...output.model, recurrence: 'hidden' } }, hidden);
  });
});
