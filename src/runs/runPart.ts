import * as z from 'zod';
import { backendInUse } from '../protocol/events.ts';
import { joined, phrase, type Text } from '../phrases/phrase.ts';
import type { RunRecord } from './record.ts';

/** The computer that trained a part of a run. */
const machine = z.object({
  /** Operating system in Node's terms, such as `linux`. */
  platform: z.string(),
  release: z.string(),
  arch: z.string(),
  /** Model of the processor. */
  cpu: z.string(),
});

/**
 * A part of a run that was trained in one go: from its start, or from a resume, to the next resume or the end. With
 * configuration, seed and data it is all that is needed to repeat the numbers of its steps.
 */
export const runPart = z.object({
  /** Steps that were complete when the part began. */
  from: z.int().nonnegative(),
  startedAt: z.iso.datetime(),
  /** Settings of the part that a resume can change; the configuration has those of the last part. */
  learningRate: z.number(),
  clipNorm: z.number(),
  backend: backendInUse,
  versions: z.record(z.string(), z.string()),
  /** Null in a run of an earlier version. */
  machine: machine.nullable(),
  /** Commit of the workspace, and whether its files differed from it; null without git, or if it did not answer. */
  workspace: z.object({ commit: z.string(), dirty: z.boolean().nullable() }).nullable(),
});

export type RunPart = z.output<typeof runPart>;

/** The parts of a run, the first one first. A run of an earlier version has one, without the facts that it lacks. */
export function partsOf(record: RunRecord): readonly [RunPart, ...RunPart[]] {
  const { createdAt, config, backend, versions } = record;
  const { learningRate, clipNorm } = config.training;
  const [first, ...rest] = record.parts;
  const whole = { from: 0, startedAt: createdAt, learningRate, clipNorm, backend, versions };
  return [first ?? { ...whole, machine: null, workspace: null }, ...rest];
}

/** The part of a run that trained a step. */
export function partOfStep(record: RunRecord, step: number): RunPart {
  const parts = partsOf(record);
  return parts.findLast(({ from }) => from < step) ?? parts[0];
}

/** The parts of a run that is resumed after a step; the new part replaces those whose steps it repeats. */
export function withPart(record: RunRecord, part: RunPart): RunPart[] {
  return [...partsOf(record).filter(({ from }) => from < part.from), part];
}

/** Settings of a step: those of the configuration, with what a resume has changed since. */
export function trainingOfStep(record: RunRecord, step: number): RunRecord['config']['training'] {
  const { training } = record.config;
  if (record.parts.length < 2) return training;
  const { learningRate, clipNorm } = partOfStep(record, step);
  return { ...training, learningRate, clipNorm };
}

/** A fact on which the rounding of numbers depends, and which differs or was not recorded. */
export interface UnequalFact {
  /** Name of the fact, such as `backend` or `versions.node`. */
  readonly fact: string;
  /** Null if the run, of an earlier version, does not say it. */
  readonly recorded: string | null;
  readonly now: string | null;
}

type Comparable = Pick<RunPart, 'backend' | 'versions' | 'machine'>;

/** Facts that differ between a part of a run and now. With any of them, equal numbers cannot be expected. */
export function unequalFacts(recorded: Comparable, now: Comparable): UnequalFact[] {
  const [before, after] = [factsOf(recorded), factsOf(now)];
  return Object.keys({ ...before, ...after }).flatMap((fact) => {
    const values = { recorded: before[fact] ?? null, now: after[fact] ?? null };
    return values.recorded === values.now ? [] : [{ fact, ...values }];
  });
}

/** Says in one sentence which facts differ; undefined if none does. */
export function describeUnequal(facts: readonly UnequalFact[]): Text | undefined {
  if (facts.length === 0) return undefined;
  const each = facts.map(({ fact, recorded, now }) =>
    phrase('{0} {1} (now {2})', fact, recorded ?? phrase('not recorded'), now ?? phrase('none')),
  );
  return phrase('Equal numbers cannot be expected, because the run was trained with: {0}.', joined(each, ', '));
}

function factsOf({ backend, versions, machine }: Comparable): Record<string, string | undefined> {
  const { name, device, threads, simd } = backend;
  const isOnGpu = typeof device === 'string' && !device.startsWith('CPU');
  return {
    backend: name,
    // A GPU is named; of a CPU the model and the number of threads say more.
    ...(isOnGpu ? { device } : { threads: String(threads) }),
    simd,
    ...Object.fromEntries(Object.entries(versions).map(([of, version]) => [`versions.${of}`, version])),
    platform: machine?.platform,
    arch: machine?.arch,
    cpu: machine?.cpu,
  };
}
