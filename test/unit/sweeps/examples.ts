import fc from 'fast-check';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { checkSweep } from '../../../src/sweeps/checkSweep.ts';
import { parseSweepFile } from '../../../src/sweeps/parseSweepFile.ts';
import { plannedTrials } from '../../../src/sweeps/plannedTrials.ts';
import type { PlanEvent, SweepHeader } from '../../../src/sweeps/plan/events.ts';
import type { Sweep } from '../../../src/sweeps/sweep.ts';

/** Checks the content of a sweep file. */
export function sweepOf(content: object, base: RunConfigInput = {}): Sweep {
  return checkSweep(parseSweepFile(content), parseRunConfig(base));
}

const numbers = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });

/** Values of a field of numbers. */
const rate = fc.oneof(
  fc.uniqueArray(numbers(1e-6, 10), { minLength: 1, maxLength: 4 }).map((values) => ({ values })),
  fc
    .tuple(numbers(1e-6, 1e-3), numbers(2e-3, 10), fc.constantFrom('linear', 'log'), fc.integer({ min: 1, max: 5 }))
    .map(([low, high, scale, points]) => ({ range: [low, high], scale, points })),
);

/** Values of a field of whole numbers. */
const units = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 4 }).map((values) => ({ values })),
  fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 31, max: 4096 }), fc.constantFrom('linear', 'log'))
    .chain(([low, high, scale]) =>
      fc.integer({ min: 1, max: 5 }).map((points) => ({ range: [low, high], scale, points })),
    ),
);

const cells = fc.uniqueArray(fc.constantFrom('lstm', 'gru', 'rnn'), { minLength: 1 });

/** The fields of a sweep file; the forget bias is tried with an LSTM only. */
const fields = fc
  .record({ rate, units, cells, bias: fc.uniqueArray(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 3 }) })
  .map(({ rate: rates, units: sizes, cells: choices, bias }) => ({
    ...(choices.includes('lstm') && { 'model.forgetBias': { values: bias, when: { 'model.cell': ['lstm'] } } }),
    'training.learningRate': rates,
    'model.units': sizes,
    'model.cell': { choices },
  }));

/** Sweep files of every method without rungs. */
export const sweepFiles = fc.record({
  fields,
  method: fc.oneof(
    fc.constant({ name: 'grid' }),
    fc.record({
      name: fc.constant('random'),
      sequence: fc.constantFrom('sobol', 'latin-hypercube'),
      seed: fc.integer({ min: 0, max: 1000 }),
    }),
  ),
  seeds: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant([3, 8])),
  budget: fc.record({ trials: fc.constant(400) }),
});

const AT = '2026-01-01T00:00:00.000Z';

/** Header of a plan. */
export function headerOf({ file, base }: Sweep): SweepHeader {
  const source = { kind: 'generated' } as const;
  return {
    event: 'sweep',
    version: 1,
    at: AT,
    id: 'a',
    file: null,
    sha256: '',
    sweep: file,
    base,
    source,
    parent: null,
  };
}

/** The first events of a plan. */
export function planOf(sweep: Sweep): PlanEvent[] {
  return [headerOf(sweep), ...plannedTrials(sweep).map((trial): PlanEvent => ({ event: 'created', at: AT, ...trial }))];
}

/** The end of a trial. */
export function endOf(trial: number, objective: number | null, step = 1): PlanEvent {
  return { event: 'ended', at: AT, trial, reason: 'completed', objective, step, seconds: 1, message: null };
}

/** The start of a trial. */
export function startOf(trial: number, steps = 1): PlanEvent {
  return { event: 'started', at: AT, trial, run: `run-${trial}`, steps };
}

/** A promotion. */
export function promotionOf(setting: number, rung: number): PlanEvent {
  return { event: 'promoted', at: AT, setting, rung };
}
