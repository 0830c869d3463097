import assert from 'node:assert/strict';
import type { LessonRunView } from '../../../../src/protocol/lessons/runs.ts';
import { describeReach, reachingGradient } from '../../../../webview/course/truncation/reach.ts';

const curve = Array.from({ length: 101 }, (_, lag) => 0.99 ** lag);
const cutAt = (truncation: number, distance = 60): Pick<LessonRunView, 'lastStep' | 'settings'> => ({
  lastStep: { step: 100, curve },
  settings: { learningRate: 0.1, clipNorm: 1, truncation, distance },
});

describe('gradient that training follows', () => {
  it('covers as many states as the cut has steps, and all without one', () => {
    assert.deepEqual(reachingGradient(cutAt(20)).x.at(-1), 19);
    assert.deepEqual(reachingGradient(cutAt(0)).y, curve);
    assert.deepEqual(reachingGradient({ ...cutAt(20), lastStep: null }), { x: [], y: [] });
  });

  it('reaches a letter before the cut, and none at it or beyond', () => {
    for (const [truncation, distance, reaches] of [
      [20, 60, false],
      [20, 20, false],
      [20, 19, true],
      [0, 60, true],
    ] as const) {
      const [sentence = ''] = describeReach('run', cutAt(truncation, distance));
      const left = String(Number((0.99 ** distance).toPrecision(4)));
      assert.equal(sentence.includes(left), reaches, `${truncation}, ${distance}: ${sentence}`);
    }
  });
});
