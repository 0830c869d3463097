import * as l10n from '@vscode/l10n';
import { type RangeTest, readRangeTest } from '../../../src/catalog/study/rangeTest.ts';
import { type RangeTestRates, rateOfStep, stepOfRate } from '../../../src/config/rangeTest.ts';
import { formatNumber } from '../../charts/number.ts';
import type { Points } from '../../charts/points.ts';
import type { Mark } from '../../charts/spec.ts';

/** A range test as the loss chart shows it. */
export interface ShownTest {
  /** Smoothed losses by step. */
  readonly points: Points;
  readonly marks: readonly Mark[];
  readonly sentence: string;
}

/** Reads the losses of the steps of a range test; null if they show no fall. */
export function showRangeTest({ x, y }: Points, rates: RangeTestRates): ShownTest | null {
  const test = readRangeTest(x.map((step, i) => ({ rate: rateOfStep(step, rates), loss: y[i] ?? null })));
  if (!test) return null;
  const { smoothed, steepest, lowest, diverges } = test;
  const mark = (label: string, rate: number): Mark => ({ label, x: stepOfRate(rate, rates) });
  return {
    points: { x: x.slice(0, smoothed.length), y: smoothed.map(({ loss }) => loss) },
    marks: [
      mark(l10n.t('falls fastest'), steepest),
      mark(l10n.t('lowest'), lowest),
      ...(diverges === null ? [] : [mark(l10n.t('diverges'), diverges)]),
    ],
    sentence: describeRangeTest(test),
  };
}

function describeRangeTest({ steepest, lowest, diverges, suggested }: RangeTest): string {
  const rate = (value: number) => formatNumber(Number(value.toPrecision(2)));
  const found = l10n.t(
    'The loss falls fastest at a learning rate of {0} and is lowest at {1}.',
    rate(steepest),
    rate(lowest),
  );
  const end =
    diverges === null
      ? l10n.t('It does not diverge up to the last rate.')
      : l10n.t('It diverges at {0}.', rate(diverges));
  const advice = l10n.t('Try {0} for training, a third of the lowest, or a sweep around it.', rate(suggested));
  return `${found} ${end} ${advice}`;
}
