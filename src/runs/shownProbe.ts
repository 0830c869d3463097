import type { ProbedFlow } from '../protocol/comparison.ts';
import { judgedDirection, type Probe } from '../protocol/probes.ts';

/**
 * Step of the probe to show; undefined without a probe.
 * @param steps of all probes, ascending
 * @param step as `probeStep` of the protocol
 * @param best step of the lowest validation loss; undefined without a validation
 */
export function shownProbe(
  steps: readonly number[],
  step: number | null,
  best: number | undefined,
): number | undefined {
  return step === null ? nearest(steps, best) : upTo(steps, step);
}

/** Gradient by lag in a probe, in the layer where the flow is worst. */
export function probedFlow(probe: Probe): ProbedFlow {
  const { median, low, high } = judgedDirection(probe).flow;
  return { step: probe.step, median, low, high };
}

/** The step nearest to another one, the earlier one of two; the last step if the other one is undefined. */
function nearest(steps: readonly number[], to: number | undefined): number | undefined {
  if (to === undefined) return steps.at(-1);
  let found = steps[0];
  for (const step of steps) if (Math.abs(step - to) < Math.abs((found ?? step) - to)) found = step;
  return found;
}

function upTo(steps: readonly number[], step: number): number | undefined {
  return steps.findLast((each) => each <= step) ?? steps[0];
}
