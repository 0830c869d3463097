import { formatNumber } from '../../charts/number.ts';
import { type Flow, formatValue } from '../../../src/protocol/flow.ts';
import type { LagCurve, LayerProbe } from '../../../src/protocol/probes.ts';
import type { ShownLayer } from './curves.ts';

/** Describes each chart over the lag in a sentence, by the chart's id. */
export function describeLags(
  { layer, flow }: ShownLayer,
  complete: LayerProbe | undefined,
): ReadonlyMap<string, string> {
  return new Map([
    ['gradients.lastStep', describeBand(flow)],
    ['gradients.summed', describeSummed(layer.summed.h)],
    ['gradients.jacobian', complete ? describeJacobian(complete.jacobian.state) : ''],
    ['gradients.forget', describeForgetGate(layer)],
  ]);
}

/** Describes the end of the band, such as "At lag 50, it is 2e-5 to 4e-5 in the middle 80 % of the sequences." */
function describeBand({ low, high, window, sequences }: Flow): string {
  const [from, to] = [low.at(-1), high.at(-1)];
  if (from == null || to == null || sequences === 1) return '';
  return `At lag ${window}, it is ${formatValue(from)} to ${formatValue(to)} of its value at lag 0 in the middle 80 % of the sequences.`;
}

function describeSummed(curve: LagCurve): string {
  const [last] = curve;
  const first = curve.at(-1);
  if (last == null || first == null || last === 0) return '';
  return `The gradient at the first step is ${formatNumber(Number((first / last).toPrecision(2)))} of that at the last step.`;
}

function describeJacobian(curve: LagCurve): string {
  const lag = curve.findLastIndex((value) => value !== null);
  const value = curve[lag];
  if (lag < 1 || value == null) return '';
  return `At lag ${lag}, a change of the state is scaled by at most ${formatNumber(Number(value.toPrecision(2)))}.`;
}

function describeForgetGate({ forgetBias, forgetProduct }: LayerProbe): string {
  if (forgetBias === null || !forgetProduct) return '';
  const lag = forgetProduct.length - 1;
  const left = forgetProduct[lag];
  const product =
    left == null
      ? ''
      : ` The forget gates keep ${formatNumber(Number(left.toPrecision(2)))} of the cell state after ${lag} steps.`;
  return `The mean forget bias is ${formatNumber(forgetBias)}.${product}`;
}
