import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import type { Backend, BackendEnvironment, LoadedBackend } from '../backends/backend.ts';
import { type BackendChoice, ChoiceCache } from '../backends/choiceCache.ts';
import { backendNamed, backends } from '../backends/registry.ts';
import type { RunConfig } from '../config/schema.ts';
import type { BackendInUse } from '../protocol/events.ts';
import { measureStep, type StepShape } from './measure.ts';

/** A backend that is set, why it is this one, and what the user should know of those that are not. */
export interface ChosenBackend {
  readonly backend: BackendInUse;
  readonly notices: readonly string[];
}

/** Milliseconds within which a backend must load and do two steps to be timed at all. */
const MEASURE_LIMIT = 20_000;

/**
 * Sets the backend of this thread. A backend that does not load is reported and the next is taken:
 * training never fails because an accelerator is missing.
 */
export async function chooseBackend(
  config: Pick<RunConfig, 'backend' | 'threads'>,
  shape: StepShape,
  machine: BackendEnvironment,
): Promise<ChosenBackend> {
  const environment = { ...machine, threads: config.threads };
  if (config.backend !== 'auto') return loadFirst([backendNamed(config.backend), ...backends], 'chosen by hand', environment);
  const candidates = backends.filter((backend) => backend.unavailable(environment) === undefined);
  const missing = backends.flatMap((backend) => backend.unavailable(environment) ?? []);
  if (candidates.length === 1) {
    return loadFirst(candidates, `the only backend here: ${missing.join('; ')}`, environment);
  }
  const choice = await fastest(candidates, shape, config.threads, environment);
  return loadFirst([backendNamed(choice.backend), ...backends], describe(choice), environment);
}

/** The backend of a run that goes on: the one it began with, on as many threads, never timed again. */
export async function reloadBackend(before: BackendInUse, environment: BackendEnvironment): Promise<ChosenBackend> {
  return loadFirst([backendNamed(before.name), ...backends], before.reason, { ...environment, threads: before.threads });
}

async function loadFirst(
  candidates: readonly Backend[],
  reason: string,
  environment: BackendEnvironment,
): Promise<ChosenBackend> {
  const failures: string[] = [];
  for (const candidate of candidates) {
    try {
      const loaded = await candidate.load(environment);
      const { name, device, threads } = loaded satisfies LoadedBackend;
      const why = failures.length === 0 ? reason : `${candidates[0]?.name ?? ''} does not load`;
      return { backend: { name, device, threads, reason: why }, notices: failures };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push(`The backend ${candidate.name} is not used: ${message}.`);
    }
  }
  throw new Error(`No backend loads. ${failures.join(' ')}`);
}

/** Times one step on each candidate, or takes what an earlier run on this machine has measured. */
async function fastest(
  candidates: readonly Backend[],
  shape: StepShape,
  threads: number,
  environment: BackendEnvironment,
): Promise<BackendChoice> {
  const cache = new ChoiceCache(environment.home);
  const key = cacheKey(candidates, shape, threads, environment);
  const known = await cache.get(key);
  if (known) return known;
  const milliseconds: Record<string, number> = {};
  for (const candidate of candidates) {
    const measured = await measureStep(candidate, shape, environment, MEASURE_LIMIT);
    if ('milliseconds' in measured) milliseconds[candidate.name] = measured.milliseconds;
  }
  const [best] = Object.entries(milliseconds).sort(([, a], [, b]) => a - b);
  const choice = { backend: best?.[0] ?? (candidates.at(-1) as Backend).name, milliseconds };
  await cache.set(key, choice);
  return choice;
}

function describe({ milliseconds }: BackendChoice): string {
  const times = Object.entries(milliseconds)
    .sort(([, a], [, b]) => a - b)
    .map(([name, time]) => `${name} ${time.toPrecision(3)} ms`);
  return times.length === 0 ? 'no backend could be timed' : `the fastest for this model: ${times.join(', ')} a step`;
}

/** What a choice depends on: the machine, the versions and the shape of the step. */
function cacheKey(
  candidates: readonly Backend[],
  shape: StepShape,
  threads: number,
  { tensorflowPath, wideSimd }: BackendEnvironment,
): string {
  const machine = cpus().map(({ model }) => model);
  const parts = [machine, process.version, tf.version['tfjs-core'], candidates.map(({ name }) => name), tensorflowPath, threads, wideSimd, shape];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
