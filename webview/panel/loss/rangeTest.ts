import * as l10n from '@vscode/l10n';
import {
  FEWEST_LOSSES,
  type RangeTest,
  readRangeTest,
  type TestProgress,
  type Unread,
} from '../../../src/catalog/study/rangeTest.ts';
import { type RangeTestRates, rateOfStep, shownRate, stepOfRate } from '../../../src/config/rangeTest.ts';
import { formatNumber } from '../../charts/number.ts';
import { noPoints, type Points } from '../../charts/points.ts';
import type { Mark } from '../../charts/spec.ts';

/** A range test as the loss chart shows it. */
export interface ShownTest {
  /** Smoothed losses by step. */
  readonly points: Points;
  readonly marks: readonly Mark[];
  readonly sentence: string;
}

/** Reads the losses of the steps of a range test. */
export function showRangeTest({ x, y }: Points, rates: RangeTestRates, progress: TestProgress): ShownTest {
  const losses = x.map((step, i) => ({ rate: rateOfStep(step, rates), loss: y[i] ?? null }));
  const { hasEnded, divergedAt } = progress;
  const test = readRangeTest(losses, divergedAt === null ? null : rateOfStep(divergedAt, rates));
  if (typeof test === 'string') return { points: noPoints, marks: [], sentence: hasEnded ? unreadSentences[test] : '' };
  const { smoothed, steepest, lowest, diverges } = test;
  const mark = (label: string, rate: number): Mark => ({ label, x: Math.round(stepOfRate(rate, rates)) });
  return {
    points: withDivergence(
      { x: x.slice(0, smoothed.length), y: smoothed.map(({ loss }) => loss) },
      Math.max(x.at(-1) ?? 0, divergedAt ?? 0),
    ),
    marks: [
      mark(l10n.t('falls fastest'), steepest),
      mark(l10n.t('lowest'), lowest),
      ...(diverges === null ? [] : [mark(l10n.t('diverges'), diverges)]),
    ],
    sentence: hasEnded ? describeRangeTest(test) : describeSoFar(test),
  };
}

/** The curve to the step of the divergence, which has no finite loss, so that the axis reaches its mark. */
function withDivergence({ x, y }: Points, last: number): Points {
  return last > (x.at(-1) ?? last) ? { x: [...x, last], y: [...y, null] } : { x, y };
}

const unreadSentences: Readonly<Record<Unread, string>> = {
  'too-few-steps': l10n.t(
    'The range test has fewer than {0} steps with a finite loss, which are too few to read.',
    FEWEST_LOSSES,
  ),
  'no-fall': l10n.t('The loss does not fall at any learning rate of the range test.'),
};

function describeRangeTest({ smoothed, steepest, lowest, diverges, suggested }: RangeTest): string {
  const found = l10n.t(
    'The loss falls fastest at a learning rate of {0} and is lowest at {1}.',
    formatRate(steepest),
    formatRate(lowest),
  );
  const end =
    diverges === null
      ? l10n.t('It does not diverge up to {0}.', formatRate(lastRate(smoothed)))
      : l10n.t('It diverges at {0}.', formatRate(diverges));
  const advice = l10n.t('Try {0} for training, a third of the lowest, or a sweep around it.', formatRate(suggested));
  return `${found} ${end} ${advice}`;
}

/** A test that has not come to its end may still fall further, so it suggests no rate. */
function describeSoFar({ smoothed, steepest, lowest }: RangeTest): string {
  return l10n.t(
    'So far, up to a learning rate of {0}, the loss falls fastest at {1} and is lowest at {2}.',
    formatRate(lastRate(smoothed)),
    formatRate(steepest),
    formatRate(lowest),
  );
}

function lastRate(smoothed: RangeTest['smoothed']): number {
  return smoothed.at(-1)?.rate ?? NaN;
}

/** A rate with the digits that are shown. */
export function formatRate(rate: number): string {
  return formatNumber(shownRate(rate));
}
