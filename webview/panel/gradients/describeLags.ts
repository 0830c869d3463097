import * as l10n from '@vscode/l10n';
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
  return l10n.t(
    'At lag {0}, it is {1} to {2} of its value at lag 0 in the middle 80 % of the sequences.',
    window,
    formatValue(from),
    formatValue(to),
  );
}

function describeSummed(curve: LagCurve): string {
  const [last] = curve;
  const first = curve.at(-1);
  if (last == null || first == null || last === 0) return '';
  return l10n.t(
    'The gradient at the first step is {0} of that at the last step.',
    formatNumber(Number((first / last).toPrecision(2))),
  );
}

function describeJacobian(curve: LagCurve): string {
  const lag = curve.findLastIndex((value) => value !== null);
  const value = curve[lag];
  if (lag < 1 || value == null) return '';
  return l10n.t(
    'At lag {0}, a change of the state is scaled by at most {1}.',
    lag,
    formatNumber(Number(value.toPrecision(2))),
  );
}

function describeForgetGate({ forgetBias, forgetProduct }: LayerProbe): string {
  if (forgetBias === null || !forgetProduct) return '';
  const lag = forgetProduct.length - 1;
  const left = forgetProduct[lag];
  const bias = l10n.t('The mean forget bias is {0}.', formatNumber(forgetBias));
  if (left == null) return bias;
  const kept = formatNumber(Number(left.toPrecision(2)));
  return `${bias} ${l10n.t('The forget gates keep {0} of the cell state after {1} steps.', kept, lag)}`;
}
