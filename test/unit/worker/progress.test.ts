import assert from 'node:assert/strict';
import { checkpointStateSchema, clippedShare, Progress } from '../../../src/worker/progress.ts';

const update = (loss: number, clipped = false) => ({ loss, gradientNorm: 2, clippedGradientNorm: clipped ? 1 : 2 });

/** Progress after steps with the losses given. */
function after(losses: readonly number[]): Progress {
  const progress = new Progress();
  for (const loss of losses) progress.addStep(update(loss));
  return progress;
}

/** A checkpoint of the step after the last, with a validation loss. */
function checkpoint(progress: Progress, validationLoss: number): void {
  progress.addStep(update(1));
  progress.addValidation(validationLoss, 1);
  progress.rankCheckpoint();
  progress.checkpointWritten();
}

describe('progress of a run', () => {
  it('averages the training loss over the last 100 steps', () => {
    // Losses 0 to 149: the last 100 are 50 to 149.
    const progress = after(Array.from({ length: 150 }, (_, index) => index));
    assert.equal(progress.trainLoss, (50 + 149) / 2);
    assert.deepEqual([progress.step, progress.recorded.trainLoss], [150, progress.trainLoss]);
    assert.equal(after([1, 2, 6]).trainLoss, 3);
  });

  it('has no training loss before the first step, nor one that is not finite', () => {
    assert.equal(after([]).trainLoss, null);
    assert.equal(after([1, Infinity]).trainLoss, null);
  });

  it('gives the fraction of the last 100 steps that were clipped', () => {
    const progress = new Progress();
    assert.equal(progress.clippedShare, 0);
    for (let step = 0; step < 50; step++) progress.addStep(update(1, true));
    for (let step = 0; step < 75; step++) progress.addStep(update(1));
    assert.equal(progress.clippedShare, 0.25);
    assert.equal(clippedShare([true, false]), 0.5);
    assert.equal(clippedShare([true, ...Array<boolean>(100).fill(false)]), 0);
  });

  it('ranks checkpoints by validation loss, and keeps the first of two that are equally good', () => {
    const progress = new Progress();
    const bests = [3, 2, 2, 2.5, 1, 1].map((loss) => {
      checkpoint(progress, loss);
      return progress.bestStep;
    });
    assert.deepEqual(bests, [1, 2, 2, 2, 5, 5]);
    assert.deepEqual(progress.recorded.best, { step: 5, loss: 1 });
  });

  it('saves the model at every checkpoint, or only at the best one', () => {
    const progress = new Progress();
    assert.deepEqual([progress.shouldSaveModel(true), progress.shouldSaveModel(false)], [true, true]);
    const saved = [2, 1, 1, 3].map((loss) => {
      checkpoint(progress, loss);
      return [progress.shouldSaveModel(true), progress.shouldSaveModel(false)];
    });
    assert.deepEqual(saved, [
      [true, true],
      [true, true],
      [false, true],
      [false, true],
    ]);
  });

  it('reports whether the current step has a validation and a checkpoint', () => {
    const progress = new Progress();
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [false, true]);
    progress.addStep(update(1));
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [false, false]);
    progress.addValidation(1, 1);
    progress.checkpointWritten();
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [true, true]);
    progress.addStep(update(1));
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [false, false]);
  });

  it('continues from a checkpoint as if it had not stopped', () => {
    const whole = new Progress();
    for (let step = 0; step < 120; step++) whole.addStep(update(step, step % 3 === 0));
    checkpoint(whole, 2);
    checkpoint(whole, 3);
    const { trainer, ...stored } = checkpointStateSchema.parse(
      JSON.parse(JSON.stringify(whole.checkpointState({ position: 7 }))),
    );
    assert.deepEqual(trainer, { position: 7 });
    const resumed = new Progress(whole.step, stored);
    assert.deepEqual([resumed.isValidated, resumed.hasCheckpoint], [false, true]);
    for (const progress of [whole, resumed]) {
      progress.addStep(update(9, true));
      checkpoint(progress, 2);
    }
    assert.deepEqual(resumed.checkpointState(null), whole.checkpointState(null));
    assert.deepEqual(resumed.recorded, whole.recorded);
  });

  it('stores its complete state in a checkpoint', () => {
    const progress = after([1]);
    checkpoint(progress, 4);
    assert.deepEqual(progress.checkpointState('loop'), {
      trainer: 'loop',
      seconds: 0,
      recentLosses: [1, 1],
      validationLoss: 4,
      best: { step: 2, loss: 4 },
      plateaus: { best: 4, since: 0, waited: 0, lowered: 0 },
      recentlyClipped: [false, false],
    });
  });

  it('counts seconds only while its clock runs', () => {
    const progress = new Progress(0, { ...new Progress().checkpointState(null), seconds: 5 });
    assert.equal(progress.recorded.seconds, 5);
    assert.equal(progress.clock.stop(), false);
    progress.clock.start();
    assert.equal(progress.clock.stop(), true);
    const { seconds } = progress.clock;
    assert.ok(seconds >= 5);
    assert.equal(progress.clock.seconds, seconds);
  });
});
