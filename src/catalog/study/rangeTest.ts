import type { RunState } from '../../protocol/panel.ts';

/** A step of a learning rate range test. */
export interface RatedLoss {
  readonly rate: number;
  /** Training loss of the step; null if it is not finite. */
  readonly loss: number | null;
}

/** Why nothing is read from a range test: it has fewer than 20 finite losses, or its loss does not fall. */
export type Unread = 'too-few-steps' | 'no-fall';

/** What the curve of a learning rate range test shows. */
export interface RangeTest {
  /** The losses in the order of their rates, smoothed, until the first that is not finite. */
  readonly smoothed: readonly (RatedLoss & { readonly loss: number })[];
  /** Rate at which the smoothed loss falls fastest over the logarithm of the rate, before `lowest`. */
  readonly steepest: number;
  /** Rate with the lowest smoothed loss. */
  readonly lowest: number;
  /**
   * First rate above `lowest` whose smoothed loss has risen by half of what it fell, otherwise the one at which a value
   * was not finite; null if neither is reached.
   */
  readonly diverges: number | null;
  /** Rate to try for training. */
  readonly suggested: number;
}

/**
 * Factor of the suggested rate to the one with the lowest loss. Of the readings that `npm run bench -- rangeTest`
 * compares with sweeps, this one is the nearest to the best rate; that of the steepest fall is far too low.
 */
const SUGGESTED = 1 / 3;

/** Standard deviation of the Gaussian window of the smoothing, as a fraction of the steps, and its reach in deviations. */
const WINDOW = 1 / 50;
const REACH = 3;
/** Fewest finite losses that are read. */
export const FEWEST_LOSSES = 20;
/** Fraction of the steps at the beginning, whose rates are too low to change the loss. */
const BEGINNING = 0.1;
/** Fraction of the fall by which the loss rises where it diverges. */
const RISE = 0.5;

/**
 * Reads the curve of a learning rate range test.
 * @param steps in the order of training, with rising rates
 * @param divergedAt rate at which the run diverged, whose loss was not logged; null if it did not
 */
export function readRangeTest(steps: readonly RatedLoss[], divergedAt: number | null = null): RangeTest | Unread {
  const finite = finiteBeginning(steps);
  if (finite.length < FEWEST_LOSSES) return 'too-few-steps';
  const smoothed = smooth(finite);
  const start = startOf(smoothed);
  const lowest = placeOfLeast(smoothed.map(({ loss }) => loss));
  const low = smoothed[lowest];
  const falls = lowest >= BEGINNING * smoothed.length && low !== undefined && low.loss < start;
  if (!falls) return 'no-fall';
  const slopes = smoothed.slice(0, lowest + 1).map((_, i) => slopeAt(smoothed, i));
  const risen = low.loss + RISE * (start - low.loss);
  const notFinite = steps[smoothed.length]?.rate ?? divergedAt;
  return {
    smoothed,
    steepest: smoothed[placeOfLeast(slopes)]?.rate ?? low.rate,
    lowest: low.rate,
    diverges: smoothed.slice(lowest).find(({ loss }) => loss > risen)?.rate ?? notFinite,
    suggested: SUGGESTED * low.rate,
  };
}

type Smoothed = RangeTest['smoothed'];

function finiteBeginning(steps: readonly RatedLoss[]): Smoothed {
  const end = steps.findIndex(({ loss }) => loss === null);
  return steps.slice(0, end < 0 ? steps.length : end).map(({ rate, loss }) => ({ rate, loss: loss ?? 0 }));
}

/** Mean loss at the beginning. */
function startOf(points: Smoothed): number {
  const first = points.slice(0, Math.max(1, Math.round(BEGINNING * points.length)));
  return first.reduce((sum, { loss }) => sum + loss, 0) / first.length;
}

/**
 * Means with a Gaussian window around each step. Unlike those of an average over the steps before, as in other programs,
 * their curve is not shifted to higher rates. Losses are cut where they have risen as far above the beginning as the lowest is below it, so that
 * those of a diverged network do not reach back into the part that is read.
 */
function smooth(points: Smoothed): Smoothed {
  const start = startOf(points);
  const most = start + (start - Math.min(...points.map(({ loss }) => loss)));
  const deviation = Math.max(1, WINDOW * points.length);
  const reach = Math.ceil(REACH * deviation);
  return points.map(({ rate }, i) => {
    let [sum, weight] = [0, 0];
    for (let j = Math.max(0, i - reach); j <= Math.min(points.length - 1, i + reach); j++) {
      const share = Math.exp(-(((j - i) / deviation) ** 2) / 2);
      sum += share * Math.min(most, points[j]?.loss ?? 0);
      weight += share;
    }
    return { rate, loss: sum / weight };
  });
}

/** Slope of the loss over the logarithm of the rate at a place, between its neighbors. */
function slopeAt(points: Smoothed, i: number): number {
  const [before, after] = [points[Math.max(0, i - 1)], points[Math.min(points.length - 1, i + 1)]];
  return before && after ? (after.loss - before.loss) / Math.log(after.rate / before.rate) : 0;
}

function placeOfLeast(values: readonly number[]): number {
  return values.reduce((least, value, i) => (value < (values[least] ?? Infinity) ? i : least), 0);
}

/** How far the run of a range test has come. */
export interface TestProgress {
  /** Whether it is over and has come to its last rate or diverged, so that its curve can be judged. */
  readonly hasEnded: boolean;
  /** Step at which it diverged; null if it did not. */
  readonly divergedAt: number | null;
}

/** States in which a run that is not complete is over until it is resumed. */
const OVER: ReadonlySet<RunState> = new Set(['stopped', 'interrupted', 'failed']);

/**
 * The progress of a range test from the state of its run. A test that was stopped after its last step has its whole curve.
 * @param steps steps of the test
 */
export function testProgress(
  state: RunState,
  { step, learning }: { readonly step: number; readonly learning: { readonly step: number } | null },
  steps: number,
): TestProgress {
  const hasDiverged = state === 'diverged';
  return {
    hasEnded: state === 'completed' || hasDiverged || (OVER.has(state) && step >= steps),
    divergedAt: hasDiverged ? (learning?.step ?? step) : null,
  };
}
