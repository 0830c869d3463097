import { FEWEST_LOSSES, readRangeTest, type RangeTest, testProgress, type Unread } from '../catalog/study/rangeTest.ts';
import { rangeTestRates, rateOfStep, shownRate } from '../config/rangeTest.ts';
import { readMetrics } from '../runs/metricsLog.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { curvePlot } from './curvePlot.ts';

/**
 * Prints the loss by learning rate of a range test that has ended, by its last step or by a divergence.
 * @returns whether the run is one
 */
export async function printRangeTest(folder: string, json: boolean): Promise<boolean> {
  const test = await readEndedTest(folder);
  if (test === undefined) return false;
  process.stdout.write(json ? `${JSON.stringify(eventOf(test))}\n` : `${describe(test)}\n`);
  return true;
}

/** Reads the curve of a stored range test; undefined if the run is none, or if it has not ended. */
export async function readEndedTest(folder: string): Promise<RangeTest | Unread | undefined> {
  const { config, state, progress } = await readOwnRecord(folder);
  const rates = rangeTestRates(config);
  if (!rates) return undefined;
  const { hasEnded, divergedAt } = testProgress(state, progress, rates.steps);
  if (!hasEnded) return undefined;
  const steps = (await readMetrics(folder)).filter((event) => event.event === 'step');
  return readRangeTest(
    steps.map(({ learningRate, loss }) => ({ rate: learningRate ?? 0, loss })),
    divergedAt === null ? null : rateOfStep(divergedAt, rates),
  );
}

/** The reading as a line of JSON, with the reason if nothing was read. */
function eventOf(test: RangeTest | Unread): object {
  if (typeof test === 'string')
    return { event: 'rangeTest', steepest: null, lowest: null, diverges: null, suggested: null, reason: test };
  const { steepest, lowest, diverges, suggested } = test;
  return { event: 'rangeTest', steepest, lowest, diverges, suggested };
}

const unreadSentences: Readonly<Record<Unread, string>> = {
  'too-few-steps': `The range test has fewer than ${FEWEST_LOSSES} steps with a finite loss, which are too few to read.`,
  'no-fall': 'The loss does not fall at any learning rate of the range test.',
};

function describe(test: RangeTest | Unread): string {
  if (typeof test === 'string') return unreadSentences[test];
  const { smoothed, steepest, lowest, diverges, suggested } = test;
  const points = smoothed.map(({ rate, loss }) => [Math.log10(rate), loss] as const);
  const axis = { name: 'rate', format: (x: number) => short(10 ** x) };
  const plot = curvePlot([{ letter: '*', points }], 'Smoothed training loss by learning rate', axis);
  const last = smoothed.at(-1)?.rate ?? NaN;
  const end = diverges === null ? `does not diverge up to ${short(last)}` : `diverges at ${short(diverges)}`;
  return [
    plot,
    `The loss falls fastest at a learning rate of ${short(steepest)}, is lowest at ${short(lowest)} and ${end}.`,
    `Try ${short(suggested)} for training, a third of the lowest, or a sweep around it.`,
  ].join('\n');
}

function short(rate: number): string {
  return String(shownRate(rate));
}
