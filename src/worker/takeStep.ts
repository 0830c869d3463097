import type { RunConfig } from '../config/schema.ts';
import type { StepEvent } from '../protocol/events.ts';
import { learningRateAt } from '../training/schedule.ts';
import type { TrainingLoop } from '../training/trainingTask.ts';
import type { Progress } from './progress.ts';

/**
 * Trains one step, and counts it.
 * @param training settings of this step
 * @param around called before and after the step, which is timed with what comes after
 * @returns its measurements
 * @throws DivergenceError if a value is not finite; the step is then not counted
 */
export async function takeStep(
  loop: TrainingLoop,
  progress: Progress,
  training: RunConfig['training'],
  around: { before(step: number): void; after(): Promise<void> } = { before: () => undefined, after: async () => {} },
): Promise<StepEvent> {
  const step = progress.step + 1;
  const learningRate = learningRateAt(step, training, progress.plateaus.lowered);
  const started = performance.now();
  around.before(step);
  const update = await loop.step(learningRate, training);
  await around.after();
  const seconds = (performance.now() - started) / 1000;
  progress.addStep(update);
  return {
    event: 'step',
    step,
    loss: update.loss,
    gradientNorm: finite(update.gradientNorm),
    clippedGradientNorm: finite(update.clippedGradientNorm),
    learningRate,
    itemsPerSecond: loop.itemsPerStep / seconds,
    seconds: progress.clock.seconds,
  };
}

/** A number for a message: null for NaN and infinity, which JSON does not have. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
