import { setImmediate } from 'node:timers/promises';

/**
 * Lets everything that waits for the event loop run (a pause, a cancel), between two pieces of long work.
 * @throws the reason of the signal once it is aborted.
 */
export async function yieldTurn(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
