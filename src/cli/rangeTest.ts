import { readRangeTest, type RangeTest } from '../catalog/study/rangeTest.ts';
import { rangeTestRates } from '../config/rangeTest.ts';
import { readMetrics } from '../runs/metricsLog.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { curvePlot } from './curvePlot.ts';

/**
 * Prints the loss by learning rate of a run that is a range test.
 * @returns whether the run is one
 */
export async function printRangeTest(folder: string, json: boolean): Promise<boolean> {
  const { config } = await readOwnRecord(folder);
  if (!rangeTestRates(config)) return false;
  const steps = (await readMetrics(folder)).filter((event) => event.event === 'step');
  const test = readRangeTest(steps.map(({ learningRate, loss }) => ({ rate: learningRate ?? 0, loss })));
  const { steepest, lowest, diverges, suggested } = test ?? {};
  const found = { steepest, lowest, diverges, suggested };
  process.stdout.write(json ? `${JSON.stringify({ event: 'rangeTest', ...found })}\n` : `${describe(test)}\n`);
  return true;
}

function describe(test: RangeTest | null): string {
  if (!test) return 'The loss does not fall at any learning rate of the range test.';
  const { smoothed, steepest, lowest, diverges, suggested } = test;
  const points = smoothed.map(({ rate, loss }) => [Math.log10(rate), loss] as const);
  const axis = { name: 'rate', format: (x: number) => short(10 ** x) };
  const plot = curvePlot([{ letter: '*', points }], 'Smoothed training loss by learning rate', axis);
  const end = diverges === null ? 'does not diverge up to the last rate' : `diverges at ${short(diverges)}`;
  return [
    plot,
    `The loss falls fastest at a learning rate of ${short(steepest)}, is lowest at ${short(lowest)} and ${end}.`,
    `Try ${short(suggested)} for training, a third of the lowest, or a sweep around it.`,
  ].join('\n');
}

function short(rate: number): string {
  return String(Number(rate.toPrecision(2)));
}
