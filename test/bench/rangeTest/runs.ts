import { rm } from 'node:fs/promises';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rangeTestOf } from '../../../src/config/rangeTest.ts';
import type { RunConfig } from '../../../src/config/schema.ts';
import { type RatedLoss, readRangeTest } from '../../../src/catalog/study/rangeTest.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { Session } from '../../../src/worker/session.ts';
import type { Case } from './cases.ts';
import { RULES } from './rules.ts';

/** Learning rates of the sweep: two in each power of ten. */
const RATES = Array.from({ length: 8 }, (_, i) => rounded(10 ** (i / 2 - 3)));
/** The sweep ends this factor above its best rate. */
const BEYOND = 11;
/** Validations of a trial, the best of which counts. */
const VALIDATIONS = 4;

/** The range test of a case, and the losses of training runs by their rates. */
export interface Measured {
  readonly name: string;
  readonly curve: readonly RatedLoss[];
  readonly losses: readonly RatedLoss[];
}

/** How the runs of a case are trained. */
export interface Settings {
  readonly steps: number;
  readonly seeds: number;
  readonly home: string;
}

/**
 * Trains the range test of a case, its sweep, two further rates around the best one, and those above them that are read
 * from the curve of the range test. What is known already is not trained again.
 */
export async function measureCase(each: Case, known: Measured | undefined, settings: Settings): Promise<Measured> {
  const curve = known?.curve ?? (await rangeTest(each, settings.home));
  const losses = [...(known?.losses ?? [])];
  const tryRate = async (rate: number) => {
    if (losses.some((other) => other.rate === rate)) return;
    losses.push({ rate, loss: await lossAt(each, rate, settings) });
  };
  const swept = () => losses.filter(({ rate }) => RATES.includes(rate));
  for (const rate of RATES) {
    // The loss rises on both sides of the best rate.
    if (swept().length > 0 && rate > BEYOND * bestOf(swept()).rate) break;
    await tryRate(rate);
  }
  const { rate } = bestOf(swept());
  for (const near of [rate / 10 ** 0.25, rate * 10 ** 0.25]) await tryRate(rounded(near));
  const test = readRangeTest(curve);
  for (const rule of Object.values(RULES)) {
    const read = typeof test === 'object' ? rule(test) : null;
    // Rates within the sweep have their loss from it.
    if (read !== null && losses.every((other) => other.rate < rounded(read))) await tryRate(rounded(read));
  }
  return { name: each.name, curve, losses };
}

/** The rate with the lowest loss. */
export function bestOf(losses: readonly RatedLoss[]): { readonly rate: number; readonly loss: number } {
  return losses
    .map(({ rate, loss }) => ({ rate, loss: loss ?? Infinity }))
    .reduce((best, other) => (other.loss < best.loss ? other : best));
}

/** A rate as it is trained: with two digits. */
export function rounded(rate: number): number {
  return Math.min(10, Number(rate.toPrecision(2)));
}

/**
 * Mean loss over the seeds after training at one rate: that of the model that the run keeps.
 * @returns null if a run diverges
 */
async function lossAt(each: Case, learningRate: number, { steps, seeds, home }: Settings): Promise<number | null> {
  const config = completeConfig(each);
  const every = Math.round(steps / VALIDATIONS);
  let sum = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { training } = config;
    const timed = { steps, validateEvery: every, checkpointEvery: steps, patience: 0, stopWhenSolved: false };
    const events = await train(each, { ...config, seed, training: { ...training, ...timed, learningRate } }, home);
    const end = events.find((event) => event.event === 'end');
    if (end?.reason !== 'completed' || end.validationLoss === null) return null;
    sum += end.validationLoss;
  }
  return sum / seeds;
}

async function rangeTest(each: Case, home: string): Promise<RatedLoss[]> {
  const events = await train(each, rangeTestOf(completeConfig(each)), home);
  return events.flatMap((event) =>
    event.event === 'step' ? [{ rate: event.learningRate ?? 0, loss: event.loss }] : [],
  );
}

function completeConfig({ config }: Case): RunConfig {
  const sampled = { sampling: { every: 0 }, probes: { every: 0 } };
  return parseRunConfig({ ...config, ...sampled, backend: 'wasm', threads: 1 });
}

async function train({ path }: Case, config: RunConfig, home: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const session = await Session.start(
    {
      config,
      source: path === null ? { kind: 'generated' } : { kind: 'file', path },
      backends: { home, tensorflowPath: '', wideSimd: false },
    },
    (event) => events.push(event),
  );
  await session.train();
  await rm(session.folder, { recursive: true });
  return events;
}
