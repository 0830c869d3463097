import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameTasks } from '../../../webview/frameTasks.ts';

/** Runs frames until no task is left. @returns what each frame ran */
function framesOf(tasks: FrameTasks, ran: number[]): number[][] {
  const frames: number[][] = [];
  while (!tasks.isEmpty) {
    tasks.run();
    frames.push(ran.splice(0));
  }
  return frames;
}

describe('FrameTasks', () => {
  it('run every task once and in order, and begin none after the time of a frame is used up', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), (durations) => {
        let time = 0;
        const ran: number[] = [];
        const tasks = new FrameTasks(() => time);
        for (const [i, duration] of durations.entries())
          tasks.add(() => {
            ran.push(i);
            time += duration;
          });
        const frames = framesOf(tasks, ran);
        assert.deepEqual(frames.flat(), [...durations.keys()]);
        for (const frame of frames) {
          assert.ok(frame.length > 0);
          assert.ok(frame.slice(0, -1).reduce((sum, i) => sum + (durations[i] ?? 0), 0) < 3);
        }
      }),
    );
  });

  it('run a task that is added or added again while another one runs in the next frame, and a deleted one never', () => {
    const ran: number[] = [];
    const tasks = new FrameTasks(() => 0);
    const [second, deleted] = [() => void ran.push(2), () => void ran.push(3)];
    tasks.add(second);
    tasks.add(() => {
      ran.push(1);
      tasks.add(second);
      tasks.delete(deleted);
    });
    tasks.add(deleted);
    assert.deepEqual(framesOf(tasks, ran), [[2, 1], [2]]);
  });

  it('go on after a task that throws', () => {
    const ran: number[] = [];
    const tasks = new FrameTasks(() => 0);
    tasks.add(() => assert.fail('broken'));
    tasks.add(() => void ran.push(1));
    assert.throws(() => tasks.run(), { message: 'broken' });
    assert.deepEqual(framesOf(tasks, ran), [[1]]);
  });
});
