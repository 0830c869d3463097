import * as l10n from '@vscode/l10n';
import type { ProbedFlow, ProbedRun } from '../../src/protocol/comparison.ts';
import { firstBelow, FLOW_LIMITS } from '../../src/protocol/flow.ts';
import type { LagCurve } from '../../src/protocol/probes.ts';
import { formatCount, formatNumber } from '../charts/number.ts';
import type { Points } from '../charts/points.ts';
import type { ChartSpec, LineSpec } from '../charts/spec.ts';
import { lagPoints } from './lagCurves.ts';

/** The gradient flow of several runs in one chart: a median and a band for each. */

/** Chart of the runs' gradient by lag. @param lines one for each run, whose key is the id of the run */
export function comparedFlowSpec(id: string, lines: readonly LineSpec[]): ChartSpec {
  return {
    id,
    title: l10n.t('Gradient of the last step'),
    about: l10n.t(
      "Norm of the gradient of the last step's loss with respect to earlier states, by lag in time steps: median over sequences in the layer where it is worst, with the band of the middle 80 %.",
    ),
    xName: 'lag',
    unit: l10n.t('relative to lag 0'),
    lines,
    bands: lines.map(({ key, color }) => ({ low: lowKey(key), high: highKey(key), color })),
    defaults: { logarithmic: true, smoothing: 0, range: 'fit', table: false },
    describe: (value) => l10n.t('{0} of lag 0', formatNumber(value)),
  };
}

const lowKey = (key: string) => `${key} 10 %`;
const highKey = (key: string) => `${key} 90 %`;

/** Curves of one run by the keys of the chart. */
export function comparedFlowCurves(key: string, flow: ProbedFlow | null | undefined): [string, Points][] {
  return [
    [key, lagPoints(flow?.median)],
    [lowKey(key), lagPoints(flow?.low)],
    [highKey(key), lagPoints(flow?.high)],
  ];
}

/** The gradient flow of a run with its label. */
export interface LabeledFlow {
  readonly label: string;
  readonly flow: ProbedFlow;
  /** As in `ProbedRun`; omitted if it is not explained. */
  readonly first?: ProbedRun['first'];
  /** Lowest validation loss of the run, comparable to those of the others; null or omitted without one. */
  readonly bestLoss?: number | null;
}

/** What is left of a run's gradient at a lag. */
interface Reach {
  readonly label: string;
  readonly step: number;
  /** Median and band relative to lag 0; null if not finite. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** First lag at which the median has vanished; null if it has not up to the lag. */
  readonly vanishedAt: number | null;
}

/** Reach of each run at the largest lag that all of them have, the largest first; null for fewer than two runs. */
export function reachOf(flows: readonly LabeledFlow[]): { readonly lag: number; readonly reaches: Reach[] } | null {
  if (flows.length < 2) return null;
  const lag = Math.min(...flows.map(({ flow }) => lastLag(flow.median)));
  if (lag < 1) return null;
  const reaches = flows.map(({ label, flow: { step, median, low, high } }) => ({
    label,
    step,
    value: median[lag] ?? null,
    low: low[lag] ?? null,
    high: high[lag] ?? null,
    vanishedAt: firstBelow(median.slice(0, lag + 1), FLOW_LIMITS.vanishing),
  }));
  return { lag, reaches: reaches.sort((a, b) => (b.value ?? Number.MAX_VALUE) - (a.value ?? Number.MAX_VALUE)) };
}

function lastLag(curve: LagCurve): number {
  return curve.findLastIndex((value) => value !== null);
}

/** Sentences on which run carries how much of the gradient to which lag; none for fewer than two runs with a probe. */
export function describeReach(flows: readonly LabeledFlow[]): string[] {
  const found = reachOf(flows);
  if (!found) return [];
  const { lag, reaches } = found;
  return [
    l10n.t('At lag {0}, the last that all runs have: {1}.', lag, reaches.map(describeOne).join('; ')),
    ...compareEnds(reaches),
    ...explainForgetting(flows, reaches, lag),
  ];
}

/**
 * Explains by the first forget gates why a run with a lower loss passes less of the gradient than the one that passes
 * most: the gradient says what a network could learn from, and the loss what it has learned.
 */
function explainForgetting(flows: readonly LabeledFlow[], reaches: readonly Reach[], lag: number): string[] {
  const leader = flows.find(({ label }) => label === reaches[0]?.label);
  if (leader?.bestLoss == null) return [];
  const { label: leading, bestLoss: leadingLoss } = leader;
  const [best] = flows
    .flatMap(({ label, flow, first, bestLoss }) => {
      const product = first?.forgetProduct?.[lag];
      const [before, now] = [first?.flow.median[lag], flow.median[lag]];
      if (!first || !product || before == null || now == null) return [];
      if (bestLoss == null || bestLoss >= leadingLoss) return [];
      return [{ label, bestLoss, product, before, now, from: first.flow.step, to: flow.step }];
    })
    .sort((a, b) => a.bestLoss - b.bestLoss);
  if (!best) return [];
  return [
    l10n.t(
      '{0} has the lower loss, {1} against {2}, although {3} carries more of the gradient.',
      best.label,
      rounded(best.bestLoss, 3),
      rounded(leadingLoss, 3),
      leading,
    ),
    l10n.t(
      'At step {0}, the forget gates of {1} kept about {2} of the cell state at each step, which leaves {3} after {4} steps; the gradient at this lag was {5}, and is {6} at step {7}.',
      formatCount(best.from),
      best.label,
      rounded(best.product ** (1 / lag)),
      rounded(best.product),
      lag,
      rounded(best.before),
      rounded(best.now),
      formatCount(best.to),
    ),
    l10n.t('How far a gradient reaches says what a network could learn from; the loss says what it has learned.'),
  ];
}

function describeOne({ label, step, value, low, high, vanishedAt }: Reach): string {
  const at = l10n.t('step {0}', formatCount(step));
  if (value === null) return l10n.t('{0} is not finite ({1})', label, at);
  const band = low === null || high === null ? '' : l10n.t(', band {0} to {1}', rounded(low), rounded(high));
  if (value > FLOW_LIMITS.exploding)
    return l10n.t('{0} grows to {1} of lag 0, which is exploding ({2}{3})', label, rounded(value), at, band);
  if (vanishedAt === null) return l10n.t('{0} carries {1} of lag 0 ({2}{3})', label, rounded(value), at, band);
  return l10n.t(
    '{0} carries {1}, having fallen below {2} at lag {3} ({4}{5})',
    label,
    rounded(value),
    FLOW_LIMITS.vanishing,
    vanishedAt,
    at,
    band,
  );
}

/** Compares the run with the largest gradient to the one with the smallest. */
function compareEnds(reaches: readonly Reach[]): string[] {
  const finite = reaches.filter(({ value }) => value !== null && value > 0);
  const [most, least] = [finite.at(0), finite.at(-1)];
  if (!most?.value || !least?.value || most === least) return [];
  const factor = rounded(most.value / least.value);
  const overlaps = most.low !== null && least.high !== null && most.low <= least.high;
  return [
    overlaps
      ? l10n.t(
          '{0} carries {1} times as much as {2}, but their bands overlap: sequences differ as much as the runs do.',
          most.label,
          factor,
          least.label,
        )
      : l10n.t('{0} carries {1} times as much as {2}.', most.label, factor, least.label),
  ];
}

function rounded(value: number, digits = 2): string {
  return formatNumber(Number(value.toPrecision(digits)));
}
