import * as tf from '@tensorflow/tfjs';
import packageJson from '../../package.json' with { type: 'json' };
import { type Backend, type BackendEnvironment, cpuName } from '../backends/backend.ts';
import { type BackendChoice, ChoiceCache } from '../backends/choiceCache.ts';
import { backendNamed, backends } from '../backends/registry.ts';
import type { RunConfig } from '../config/schema.ts';
import { engineVersions, processorModels } from '../platform/system.ts';
import { newSha256 } from '../platform/hashing.ts';
import type { BackendInUse } from '../protocol/events.ts';
import { measureStep } from './measure.ts';
import type { StepShape } from './stepShape.ts';
import { textOf } from '../phrases/causes.ts';
import { joined, phrase, PhrasedError, say, sentences, type Text } from '../phrases/phrase.ts';

/** The current backend with the reason for the choice, and notices about backends that could not be used. */
export interface ChosenBackend {
  readonly backend: BackendInUse;
  readonly notices: readonly Text[];
}

/** A backend and its number of threads. */
interface Candidate {
  readonly backend: Backend;
  readonly threads: number;
}

/** Fallbacks if a backend does not load, in order: all backends that do not require a separate process. */
const fallbacks = backends.filter(({ ownProcess = false }) => !ownProcess);

/** Time limit for loading a backend, in milliseconds. */
const LOADING = 5_000;
/** Time limit for the steps of the first candidate, in milliseconds. */
const LONGEST = 60_000;
/** A candidate is dropped when it is this many times slower than the fastest so far. */
const MAX_SLOWDOWN = 5;

/**
 * Sets the backend of this thread. A backend that does not load is reported and replaced by the next one, so that
 * training never fails because an accelerator is missing.
 * @param shape the step that `auto` times; null if the model does not use a backend
 */
export async function chooseBackend(
  config: Pick<RunConfig, 'backend' | 'threads'>,
  shape: StepShape | null,
  environment: BackendEnvironment,
): Promise<ChosenBackend> {
  const others = fallbacks.map((backend) => ({ backend, threads: config.threads }));
  if (config.backend !== 'auto') {
    const named = { backend: backendNamed(config.backend), threads: config.threads };
    return loadFirst([named, ...others], phrase('set in the configuration'), environment);
  }
  if (!shape) return loadFirst(others, phrase('the model does not use a backend'), environment);
  const choice = await fastest(shape, config.threads, environment);
  const best = { backend: backendNamed(choice.backend), threads: choice.threads };
  const missing = backends.flatMap((backend) => backend.unavailable(environment) ?? []);
  const { backend, notices } = await loadFirst(
    [best, ...others],
    joined([describe(choice), ...missing], '; '),
    environment,
  );
  return { backend: { ...backend, milliseconds: choice.milliseconds }, notices };
}

/** Sets the backend of a resumed or repeated run: the one that it started on, without timing it again. */
export async function reloadBackend(before: BackendInUse, environment: BackendEnvironment): Promise<ChosenBackend> {
  const { threads } = before;
  const named = { backend: backendNamed(before.name), threads };
  const { backend, notices } = await loadFirst(
    [named, ...fallbacks.map((each) => ({ backend: each, threads }))],
    before.reason,
    { ...environment, simd: before.simd },
  );
  return { backend: { ...backend, ...(before.milliseconds && { milliseconds: before.milliseconds }) }, notices };
}

async function loadFirst(
  candidates: readonly Candidate[],
  reason: Text,
  environment: BackendEnvironment,
): Promise<ChosenBackend> {
  const failures: Text[] = [];
  for (const { backend, threads } of candidates) {
    try {
      const loaded = await backend.load({ ...environment, threads });
      const why = failures.length === 0 ? reason : phrase('{0} does not load', candidates[0]?.backend.name ?? '');
      return {
        backend: {
          name: loaded.name,
          device: loaded.device,
          threads: loaded.threads,
          ...(loaded.simd !== undefined && { simd: loaded.simd }),
          reason: why,
        },
        notices:
          loaded.threads > 0 && loaded.threads < threads ? [...failures, describeFewer(loaded, threads)] : failures,
      };
    } catch (error) {
      failures.push(phrase('The backend {0} is not used: {1}.', backend.name, textOf(error)));
    }
  }
  throw new PhrasedError(phrase('No backend loads. {0}', sentences(...failures)));
}

/** Says that a backend uses fewer threads than the configuration asks for. */
function describeFewer({ threads }: { readonly threads: number }, wanted: number): Text {
  return phrase('threads is {0}, but this computer has processors for {1}, which are used.', wanted, threads);
}

/** Times one step for each backend and number of threads, or returns the cached result of an earlier run. */
async function fastest(shape: StepShape, threads: number, environment: BackendEnvironment): Promise<BackendChoice> {
  const candidates = backends
    .filter((backend) => backend.unavailable(environment) === undefined)
    .flatMap((backend) =>
      backend.threadCounts(threads, environment.mostThreads).map((count) => ({ backend, threads: count })),
    );
  const cache = new ChoiceCache(environment.home);
  const key = cacheKey(candidates, shape, environment);
  const known = await cache.get(key);
  if (known) return known;

  const milliseconds: Record<string, number> = {};
  let best: Candidate | undefined;
  let shortest = LONGEST / MAX_SLOWDOWN;
  for (const candidate of candidates) {
    if (best && candidate.backend.fallback) continue;
    const measured = await measureStep(
      candidate.backend,
      shape,
      { ...environment, threads: candidate.threads },
      LOADING + 2 * MAX_SLOWDOWN * shortest,
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

function describe({ milliseconds }: BackendChoice): Text {
  const times = Object.entries(milliseconds)
    .sort(([, a], [, b]) => a - b)
    .map(([name, time]) => `${name} ${time.toPrecision(3)} ms`);
  return times.length === 0
    ? phrase('no backend could be timed')
    : phrase('the fastest for this model: {0} a step', times.join(', '));
}

function candidateName({ backend, threads }: Candidate): string {
  return `${backend.name} (${say(cpuName(threads))})`;
}

/** Key of a choice: the machine, the versions and the shape of the step. */
function cacheKey(
  candidates: readonly Candidate[],
  shape: StepShape,
  { tensorflowPath, wideSimd }: BackendEnvironment,
): string {
  const machine = processorModels();
  const versions = [engineVersions(), tf.version['tfjs-core'], packageJson.version];
  const parts = [machine, versions, candidates.map(candidateName), tensorflowPath, wideSimd, shape];
  return newSha256().update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
