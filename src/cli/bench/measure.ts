import { setTimeout as pause } from 'node:timers/promises';
import type { Contender, Turn } from './contender.ts';

/** Duration of a turn in milliseconds, long enough that switching between contenders does not matter. */
const TURN = 40;
/** Turns of each contender; contenders whose steps take seconds get fewer. */
const TURNS = 15;
const MIN_TURNS = 3;
const SLOW = 500;
/**
 * Duration of the warm-up in milliseconds: V8 recompiles the JavaScript of a step for most of that time.
 */
const WARM_UP = 4500;
const WARM_UP_ROUNDS = 3;
/** Pause between turns in milliseconds, in which the threads of the last contender go to sleep. */
const REST = 20;

export interface Measured {
  readonly medianMs: number;
  /** Median peak of the matrix products during the same run. */
  readonly peakGigaflops: number | null;
}

/** Times the steps of each contender. The contenders take turns, so that all see the same load. */
export async function measure(contenders: readonly Contender[]): Promise<Measured[]> {
  const turns = contenders.map((): Turn[] => []);
  const first = await inTurn(contenders, warmUp);
  for (let turn = 0; turn < TURNS; turn++) {
    await inTurn(contenders, async (contender, index) => {
      const estimate = first[index] ?? TURN;
      if (estimate > SLOW && turn >= MIN_TURNS) return;
      await pause(REST);
      turns[index]?.push(await contender.steps(Math.max(1, Math.ceil(TURN / estimate))));
    });
  }
  return turns.map((each) => {
    const peaks = each.flatMap(({ peakGigaflops }) => peakGigaflops ?? []);
    return {
      medianMs: median(each.flatMap(({ milliseconds }) => milliseconds)),
      peakGigaflops: peaks.length === 0 ? null : median(peaks),
    };
  });
}

async function inTurn<T>(
  contenders: readonly Contender[],
  act: (contender: Contender, index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (const [index, contender] of contenders.entries()) results.push(await act(contender, index));
  return results;
}

/** Runs steps until compilation has finished and caches are warm. @returns the milliseconds of a step */
async function warmUp(contender: Contender): Promise<number> {
  const [first = 0] = (await contender.steps(1)).milliseconds;
  if (first > SLOW) return first;
  let estimate = median((await contender.steps(10)).milliseconds);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    const { milliseconds } = await contender.steps(Math.ceil(WARM_UP / WARM_UP_ROUNDS / estimate));
    estimate = median(milliseconds);
  }
  return estimate;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
