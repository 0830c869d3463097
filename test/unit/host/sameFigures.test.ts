import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { Progress } from '../../../src/worker/progress.ts';
import { Random } from '../../oracle/random.ts';
import { newModel, startEvent, stepEvent } from './examples.ts';

/** The training loss in the record and on the command line, and the one in the panel, after the same steps. */
function both(input: RunConfigInput, losses: readonly number[]): [number | null, number | null] {
  const config = parseRunConfig(input);
  const progress = new Progress({ config, baselines: {} });
  const model = newModel({ config });
  model.apply(startEvent());
  for (const [index, loss] of losses.entries()) {
    progress.addStep({ loss, gradientNorm: 1, clippedGradientNorm: 1 });
    model.apply(stepEvent(index + 1, { loss: Number.isFinite(loss) ? loss : null }));
  }
  return [progress.trainLoss, model.latest.trainLoss ?? null];
}

describe('the training loss of a run', () => {
  const random = new Random(3);

  it('is the same number in the record and in the panel, after any number of steps', () => {
    for (const count of [0, 1, 5, 99, 100, 101, 350]) {
      const losses = Array.from({ length: count }, () => random.next());
      const [recorded, shown] = both({}, losses);
      assert.ok(recorded === shown || Math.abs((recorded ?? NaN) - (shown ?? NaN)) < 1e-12, `${count} steps`);
    }
    assert.deepEqual(both({}, [1, NaN, 2]), [null, null]);
  });

  it('of a fit is the loss of its last iteration', () => {
    const fitted: RunConfigInput = { task: { name: 'classification' }, model: { family: 'bag-of-words' } };
    assert.deepEqual(both(fitted, [3, 2, 1.5]), [1.5, 1.5]);
  });
});
