import * as tf from '@tensorflow/tfjs';
import packageJson from '../../package.json' with { type: 'json' };
import { type Backend, type BackendEnvironment, cpuName } from '../backends/backend.ts';
import { type BackendChoice, ChoiceCache } from '../backends/choiceCache.ts';
import { backendNamed, backends } from '../backends/registry.ts';
import type { RunConfig } from '../config/schema.ts';
import { processorModels } from '../platform/system.ts';
import { newSha256 } from '../platform/hashing.ts';
import type { BackendInUse } from '../protocol/events.ts';
import { measureStep } from './measure.ts';
import type { StepShape } from './stepShape.ts';

/** A backend that is set, why it is this one, and what the user should know of those that are not. */
export interface ChosenBackend {
  readonly backend: BackendInUse;
  readonly notices: readonly string[];
}

/** A backend with the threads it computes with. */
interface Candidate {
  readonly backend: Backend;
  readonly threads: number;
}

/** The backends that are taken, in this order, where what was wanted does not load: those that are at home anywhere. */
const anywhere = backends.filter(({ ownProcess = false }) => !ownProcess);

/** Milliseconds that a backend may take to load, before any step. */
const LOADING = 5_000;
/** Milliseconds that the steps of the first candidate may take. */
const LONGEST = 60_000;
/** A candidate is dropped when it is this many times slower than the fastest so far. */
const HOPELESS = 5;

/**
 * Sets the backend of this thread. A backend that does not load is reported and the next is taken:
 * training never fails because an accelerator is missing.
 * @param shape the step that `auto` times; null for a model of which nothing runs on a backend
 */
export async function chooseBackend(
  config: Pick<RunConfig, 'backend' | 'threads'>,
  shape: StepShape | null,
  environment: BackendEnvironment,
): Promise<ChosenBackend> {
  const others = anywhere.map((backend) => ({ backend, threads: config.threads }));
  if (config.backend !== 'auto') {
    const named = { backend: backendNamed(config.backend), threads: config.threads };
    return loadFirst([named, ...others], 'chosen by hand', environment);
  }
  if (!shape) return loadFirst(others, 'the model counts, and needs no backend', environment);
  const choice = await fastest(shape, config.threads, environment);
  const best = { backend: backendNamed(choice.backend), threads: choice.threads };
  const missing = backends.flatMap((backend) => backend.unavailable(environment) ?? []);
  const { backend, notices } = await loadFirst(
    [best, ...others],
    [describe(choice), ...missing].join('; '),
    environment,
  );
  return { backend: { ...backend, milliseconds: choice.milliseconds }, notices };
}

/** The backend of a resumed run: the one that it started on, without timing it again. */
export async function reloadBackend(before: BackendInUse, environment: BackendEnvironment): Promise<ChosenBackend> {
  const { threads } = before;
  const named = { backend: backendNamed(before.name), threads };
  const { backend, notices } = await loadFirst(
    [named, ...anywhere.map((each) => ({ backend: each, threads }))],
    before.reason,
    environment,
  );
  return { backend: { ...backend, ...(before.milliseconds && { milliseconds: before.milliseconds }) }, notices };
}

async function loadFirst(
  candidates: readonly Candidate[],
  reason: string,
  environment: BackendEnvironment,
): Promise<ChosenBackend> {
  const failures: string[] = [];
  for (const { backend, threads } of candidates) {
    try {
      const loaded = await backend.load({ ...environment, threads });
      const why = failures.length === 0 ? reason : `${candidates[0]?.backend.name ?? ''} does not load`;
      return {
        backend: { name: loaded.name, device: loaded.device, threads: loaded.threads, reason: why },
        notices: failures,
      };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push(`The backend ${backend.name} is not used: ${message}.`);
    }
  }
  throw new Error(`No backend loads. ${failures.join(' ')}`);
}

/** Times one step on each backend and number of threads, or takes what an earlier run on this machine has measured. */
async function fastest(shape: StepShape, threads: number, environment: BackendEnvironment): Promise<BackendChoice> {
  const candidates = backends
    .filter((backend) => backend.unavailable(environment) === undefined)
    .flatMap((backend) => backend.threadCounts(threads).map((count) => ({ backend, threads: count })));
  const cache = new ChoiceCache(environment.home);
  const key = cacheKey(candidates, shape, environment);
  const known = await cache.get(key);
  if (known) return known;

  const milliseconds: Record<string, number> = {};
  let best: Candidate | undefined;
  let shortest = LONGEST / HOPELESS;
  for (const candidate of candidates) {
    if (best && candidate.backend.fallback) continue;
    const measured = await measureStep(
      candidate.backend,
      shape,
      { ...environment, threads: candidate.threads },
      LOADING + 2 * HOPELESS * shortest,
    );
    if (!('milliseconds' in measured)) continue;
    milliseconds[candidateName(candidate)] = measured.milliseconds;
    if (best && measured.milliseconds >= shortest) continue;
    best = candidate;
    shortest = measured.milliseconds;
  }
  const { backend, threads: count } = best ?? (candidates.at(-1) as Candidate);
  const choice = { backend: backend.name, threads: count, milliseconds };
  await cache.set(key, choice);
  return choice;
}

function describe({ milliseconds }: BackendChoice): string {
  const times = Object.entries(milliseconds)
    .sort(([, a], [, b]) => a - b)
    .map(([name, time]) => `${name} ${time.toPrecision(3)} ms`);
  return times.length === 0 ? 'no backend could be timed' : `the fastest for this model: ${times.join(', ')} a step`;
}

function candidateName({ backend, threads }: Candidate): string {
  return `${backend.name} (${cpuName(threads)})`;
}

/** Key of a choice: the machine, the versions and the shape of the step. */
function cacheKey(
  candidates: readonly Candidate[],
  shape: StepShape,
  { tensorflowPath, wideSimd }: BackendEnvironment,
): string {
  const machine = processorModels();
  const versions = [process.version, tf.version['tfjs-core'], packageJson.version];
  const parts = [machine, versions, candidates.map(candidateName), tensorflowPath, wideSimd, shape];
  return newSha256().update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
