import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { Generator } from '../../../src/random/generator.ts';
import { checkpointStateSchema, clippedShare, Progress } from '../../../src/worker/progress.ts';

const baselines = { uniform: 4, unigram: 3, bigram: 2.5 };

function run(training: RunConfigInput['training'] = {}) {
  return { config: parseRunConfig({ training: { plateauPatience: 1, validateEvery: 1, ...training } }), baselines };
}

const update = (loss: number, clipped = false) => ({ loss, gradientNorm: 2, clippedGradientNorm: clipped ? 1 : 2 });

/** Progress after steps with the losses given. */
function after(losses: readonly number[]): Progress {
  const progress = new Progress(run());
  for (const loss of losses) progress.addStep(update(loss));
  return progress;
}

/** A checkpoint of the step after the last, with a validation. @returns whether its model is the best so far */
function checkpoint(progress: Progress, validationLoss: number, solved = false): boolean {
  progress.addStep(update(1));
  const isBetter = progress.addValidation({ loss: validationLoss, solved });
  progress.checkpointWritten();
  return isBetter;
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
    const progress = new Progress(run());
    assert.equal(progress.clippedShare, 0);
    for (let step = 0; step < 50; step++) progress.addStep(update(1, true));
    for (let step = 0; step < 75; step++) progress.addStep(update(1));
    assert.equal(progress.clippedShare, 0.25);
    assert.equal(clippedShare([true, false]), 0.5);
    assert.equal(clippedShare([true, ...Array<boolean>(100).fill(false)]), 0);
  });

  it('ranks models by validation loss, and keeps the first of two that are equally good', () => {
    const progress = new Progress(run());
    assert.equal(progress.kept, null);
    const steps = [3, 2, 2, 2.5, 1, 1].map((loss) => [checkpoint(progress, loss), progress.kept?.step]);
    assert.deepEqual(steps, [
      [true, 1],
      [true, 2],
      [false, 2],
      [false, 2],
      [true, 5],
      [false, 5],
    ]);
    assert.deepEqual([progress.recorded.best, progress.recorded.kept], Array(2).fill({ step: 5, loss: 1 }));
  });

  it('keeps a model that meets the criterion of its task before one with a lower loss that does not', () => {
    const progress = new Progress(run());
    const validations: [loss: number, solved: boolean][] = [
      [0.5, false],
      [0.7, true],
      [0.4, false],
      [0.6, true],
    ];
    const kept = validations.map(([loss, solved]) => {
      checkpoint(progress, loss, solved);
      return progress.kept?.step;
    });
    assert.deepEqual(kept, [1, 2, 2, 4]);
    assert.deepEqual(progress.best, { step: 3, loss: 0.4 });
  });

  it('keeps the model of the current step without training.keepBest', () => {
    const progress = new Progress(run({ keepBest: false }));
    checkpoint(progress, 1);
    checkpoint(progress, 2);
    assert.deepEqual(
      [progress.kept, progress.best],
      [
        { step: 2, loss: 2 },
        { step: 1, loss: 1 },
      ],
    );
    progress.addStep(update(1));
    assert.equal(progress.kept, null);
  });

  it('takes a loss that is not finite as no best, and as the verdict', () => {
    const progress = new Progress(run());
    checkpoint(progress, NaN);
    assert.deepEqual([progress.best, progress.kept, progress.recorded.validationLoss], [null, null, null]);
    assert.deepEqual(
      progress.learning.findings.map(({ verdict }) => verdict),
      ['not-finite'],
    );
  });

  it('says nothing about the learning of a range test, whose loss rises in the end', () => {
    const progress = new Progress(run({ schedule: 'range-test' }));
    for (let step = 0; step < 6; step++) {
      progress.addStep(update(9));
      progress.addValidation({ loss: 9 + step, solved: false });
    }
    progress.diverge({ step: 7, parameter: null, part: 'forward' });
    const { findings, advice } = progress.learning;
    assert.deepEqual([findings, advice], [[], []]);
  });

  it('judges the validations: nothing before the fifth, and a divergence at once', () => {
    const progress = new Progress(run());
    const found = [9, 9.1, 9, 9.1, 9].map((loss) => {
      progress.addStep(update(9));
      progress.addValidation({ loss, solved: false });
      return progress.learning.findings[0]?.verdict;
    });
    assert.deepEqual(found, [undefined, undefined, undefined, undefined, 'worse-than-uniform']);
    progress.diverge({ step: 6, parameter: null, part: 'forward' });
    assert.deepEqual(
      progress.recorded.learning?.findings.map(({ verdict }) => verdict),
      ['not-finite'],
    );
  });

  it('reports whether the current step has a validation and a checkpoint', () => {
    const progress = new Progress(run());
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [false, true]);
    progress.addStep(update(1));
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [false, false]);
    progress.addValidation({ loss: 1, solved: false });
    progress.checkpointWritten();
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [true, true]);
    progress.addStep(update(1));
    assert.deepEqual([progress.isValidated, progress.hasCheckpoint], [false, false]);
  });

  it('has no checkpoint of a model that is kept after the checkpoint was written', () => {
    const progress = new Progress(run());
    const written = [3, 4, 2].map((loss) => {
      progress.addStep(update(1));
      progress.checkpointWritten();
      progress.addValidation({ loss, solved: false });
      return progress.hasCheckpoint;
    });
    assert.deepEqual(written, [false, true, false]);
  });

  it('continues from a checkpoint as if it had not stopped', () => {
    const whole = new Progress(run());
    for (let step = 0; step < 120; step++) whole.addStep(update(step, step % 3 === 0));
    checkpoint(whole, 2);
    checkpoint(whole, 3);
    const { trainer, ...stored } = checkpointStateSchema.parse(
      JSON.parse(JSON.stringify(whole.checkpointState({ position: 7 }))),
    );
    assert.deepEqual(trainer, { position: 7 });
    const resumed = new Progress(run(), whole.step, stored);
    assert.deepEqual([resumed.isValidated, resumed.hasCheckpoint], [false, true]);
    for (const progress of [whole, resumed]) {
      progress.addStep(update(9, true));
      checkpoint(progress, 2);
    }
    assert.deepEqual(resumed.checkpointState(null), whole.checkpointState(null));
    assert.deepEqual(resumed.recorded, whole.recorded);
  });

  it('waits once more in a run that has ended early and is resumed', () => {
    const ended = new Progress(run({ patience: 2 }));
    for (const loss of [1, 2, 2]) checkpoint(ended, loss);
    const { since } = new Progress(run({ patience: 2 }), 3, ended.checkpointState(null)).plateaus;
    const waiting = new Progress(run({ patience: 3 }), 3, ended.checkpointState(null)).plateaus.since;
    assert.deepEqual([ended.plateaus.since, since, waiting], [2, 0, 2]);
  });

  describe('with the default patience', () => {
    /** Validations after which a run ends early, of at most 100. */
    const endOf = (seed: number, noise: number, at: (k: number) => { loss: number; train: number }) => {
      const generator = Generator.forPurpose(seed, 'early end');
      const progress = new Progress(run());
      for (let k = 1; k <= 100; k++) {
        const { loss, train } = at(k);
        progress.addStep(update(train));
        progress.addValidation({ loss: loss * (1 + noise * generator.nextNormal()), solved: false });
        if (progress.isOutOfPatience) return k;
      }
      return undefined;
    };
    const ends = (noise: number, at: (k: number) => { loss: number; train: number }) =>
      Array.from({ length: 100 }, (_, seed) => endOf(seed, noise, at));

    it('goes on while the loss still falls, though much less from one validation to the next than its noise', () => {
      const slow = ends(0.004, (k) => ({ loss: 1.6 * 0.999 ** k, train: 1.5 * 0.998 ** k }));
      assert.ok(slow.filter((end) => end === undefined).length >= 97, slow.join());
    });

    it('ends soon after a run has begun to overfit', () => {
      const u = ends(0.01, (k) => ({ loss: 2 + 0.02 * (k - 4) ** 2, train: 2 * 0.8 ** k }));
      assert.ok(u.filter((end) => end !== undefined && end <= 20).length >= 97, u.join());
    });

    it('ends a plateau later', () => {
      const flat = ends(0.004, (k) => ({ loss: 1.7 + Math.exp(-k / 2), train: 1.7 + Math.exp(-k / 2) }));
      assert.ok(flat.filter((end) => end !== undefined && end > 30).length >= 80, flat.join());
    });
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
      kept: { step: 2, loss: 4, solved: false },
      validations: {
        count: 1,
        best: { step: 2, loss: 4, trainLoss: 1 },
        recent: [{ step: 2, loss: 4, trainLoss: 1 }],
      },
      solved: false,
      plateaus: { best: 4, since: 0, waited: 0, lowered: 0 },
      recentlyClipped: [false, false],
    });
  });

  it('counts seconds only while its clock runs', () => {
    const progress = new Progress(run(), 0, { ...new Progress(run()).checkpointState(null), seconds: 5 });
    assert.equal(progress.recorded.seconds, 5);
    assert.equal(progress.clock.stop(), false);
    progress.clock.start();
    assert.equal(progress.clock.stop(), true);
    const { seconds } = progress.clock;
    assert.ok(seconds >= 5);
    assert.equal(progress.clock.seconds, seconds);
  });
});
