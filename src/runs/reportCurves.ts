import type { Probe } from '../protocol/probes.ts';
import { flowKey, type NeededCurves, type ReportCurves } from '../protocol/reportPage.ts';
import type { Curves } from './series/curves.ts';
import { timedCurve } from './series/timedCurve.ts';
import { probedFlow, shownProbe } from './shownProbe.ts';

/** A run whose curves a report draws. */
export interface DrawnRun {
  readonly id: string;
  readonly curves: Pick<Curves, 'series' | 'seconds'>;
  /** Steps of all probes, ascending. */
  readonly probeSteps: readonly number[];
  probeAt(step: number): Probe | undefined;
  /** Step of the lowest validation loss; undefined without a validation. */
  readonly bestStep: number | undefined;
}

/** The curves of a run that the plots of a report need. */
export function reportCurves(run: DrawnRun, { series, probes }: NeededCurves): ReportCurves {
  const flows: ReportCurves['flows'] = {};
  for (const step of probes) {
    const shown = shownProbe(run.probeSteps, step, run.bestStep);
    const probe = shown === undefined ? undefined : run.probeAt(shown);
    if (probe) flows[flowKey(step)] = probedFlow(probe);
  }
  const curves: ReportCurves['curves'] = {};
  for (const key of series) curves[key] = timedCurve(run.curves.series[key], run.curves.seconds);
  return { id: run.id, curves, flows };
}
