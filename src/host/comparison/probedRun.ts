import type { ProbedRun } from '../../protocol/comparison.ts';
import { judgedDirection, type Probe } from '../../protocol/probes.ts';
import type { RunModel } from '../runs/runModel.ts';
import { bestValidation } from '../../runs/ranking.ts';

/**
 * The probes of a run, with the gradient flow of the one to show.
 * @param step as `probeStep` of the protocol
 */
export function probedRun(run: RunModel, step: number | null): ProbedRun {
  const steps = run.probes.summaries.map((probe) => probe.step);
  const shown = step === null ? nearest(steps, bestValidation(run)?.step) : upTo(steps, step);
  const probe = shown === undefined ? undefined : run.probes.at(shown);
  return { id: run.id, steps, flow: probe ? probedFlow(probe) : null, first: firstProbe(run) };
}

function firstProbe({ probes }: RunModel): ProbedRun['first'] {
  const [first] = probes.summaries;
  const probe = first && probes.at(first.step);
  return probe ? { flow: probedFlow(probe), forgetProduct: judgedDirection(probe).layer.forgetProduct } : null;
}

function probedFlow(probe: Probe): NonNullable<ProbedRun['flow']> {
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
