import { memoryLimit, processorCount } from '../../platform/system.ts';

/** Bytes of memory for each trainer, unless the user chooses their number. */
const TRAINER_BYTES = 2 ** 30;

/** Number of trials that train at a time on this computer, and of the threads of each. */
export function workersHere(wanted?: number): { readonly workers: number; readonly threads: number } {
  const cores = processorCount();
  const workers = wanted ?? Math.max(1, Math.min(cores, Math.floor(memoryLimit() / TRAINER_BYTES)));
  return { workers, threads: Math.max(1, Math.floor(cores / workers)) };
}
