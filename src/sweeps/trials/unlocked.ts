/** Milliseconds between two requests of a run whose process is about to end, and number of requests. */
const [RETRY_MS, RETRIES] = [500, 120];

/**
 * Begins a run; if it is locked, waits for the process that trains it, such as one of a sweep that was killed, which ends
 * it with a checkpoint.
 * @throws the error of `begin`, also of a run that is still locked after a minute
 */
export async function unlocked(begin: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let request = 1; ; request++) {
    try {
      await begin();
      return;
    } catch (error) {
      if (signal.aborted || request === RETRIES || !isLocked(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'run-locked';
}
