import { formatNumber } from '../../charts/number.ts';
import { describeLag, describeMemory } from '../../probes/describeProbe.ts';
import { JUDGED, type LagCurve, type LayerProbe } from '../../../src/protocol/probes.ts';

/** Describes each chart over the lag in a sentence, by the chart's id. */
export function describeLags(layer: LayerProbe, complete: LayerProbe | undefined): ReadonlyMap<string, string> {
  return new Map([
    ['gradients.lastStep', [describeLag(layer.lastStep.h), describeMemory(layer)].join(' ').trim()],
    ['gradients.summed', describeSummed(layer.summed.h)],
    ['gradients.jacobian', complete ? describeJacobian(complete.jacobian.state) : ''],
    ['gradients.forget', describeForgetGate(layer)],
  ]);
}

function describeSummed(curve: LagCurve): string {
  const [last] = curve;
  const first = curve.at(-1);
  if (last == null || first == null || last === 0) return '';
  return `The gradient at the first step is ${formatNumber(Number((first / last).toPrecision(2)))} of that at the last step.`;
}

function describeJacobian(curve: LagCurve): string {
  const lag = curve.findLastIndex((value, i) => value !== null && i <= JUDGED.lag);
  const value = curve[lag];
  if (lag < 1 || value == null) return '';
  return `At lag ${lag}, a change of the state is scaled by at most ${formatNumber(Number(value.toPrecision(2)))}.`;
}

function describeForgetGate({ forgetBias, forgetProduct }: LayerProbe): string {
  if (forgetBias === null || !forgetProduct) return '';
  const lag = Math.min(JUDGED.lag, forgetProduct.length - 1);
  const left = forgetProduct[lag];
  const product =
    left == null
      ? ''
      : ` The forget gates keep ${formatNumber(Number(left.toPrecision(2)))} of the cell state after ${lag} steps.`;
  return `The mean forget bias is ${formatNumber(forgetBias)}.${product}`;
}
