import type { ProbedRun } from '../../protocol/comparison.ts';
import { judgedDirection } from '../../protocol/probes.ts';
import type { RunModel } from '../runs/runModel.ts';
import { bestValidation } from '../../runs/ranking.ts';
import { probedFlow, shownProbe } from '../../runs/shownProbe.ts';

/**
 * The probes of a run, with the gradient flow of the one to show.
 * @param step as `probeStep` of the protocol
 */
export function probedRun(run: RunModel, step: number | null): ProbedRun {
  const steps = run.probes.summaries.map((probe) => probe.step);
  const shown = shownProbe(steps, step, bestValidation(run)?.step);
  const probe = shown === undefined ? undefined : run.probes.at(shown);
  return { id: run.id, steps, flow: probe ? probedFlow(probe) : null, first: firstProbe(run) };
}

function firstProbe({ probes }: RunModel): ProbedRun['first'] {
  const [first] = probes.summaries;
  const probe = first && probes.at(first.step);
  return probe ? { flow: probedFlow(probe), forgetProduct: judgedDirection(probe).layer.forgetProduct } : null;
}
