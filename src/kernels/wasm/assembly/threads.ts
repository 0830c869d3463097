import { ARRIVED, BARRIERS, JOB, JOB_NUMBER, RUNNING, THREADS } from './layout';

/**
 * Synchronization of the threads. A waiting thread spins for a while, because the others usually arrive soon, and then
 * sleeps.
 */

/**
 * Spins before sleeping, some tenths of a millisecond: on a busy machine the other thread may need this processor.
 */
const SPINS: i32 = 150_000;
/** Spins of an idle helper: waking it for every job of a training step would take too long. */
const IDLE_SPINS: i32 = 1_500_000;
/** Timeout for a thread that does not respond, in nanoseconds. */
const TIMEOUT: i64 = 60_000_000_000;

/** Waits until the number at an address differs from `value`. @returns false after the timeout */
function waitWhile(address: usize, value: i32, timeout: i64, most: i32 = SPINS): bool {
  for (let looks = 0; looks < most; looks++) {
    if (atomic.load<i32>(address) !== value) return true;
  }
  while (atomic.load<i32>(address) === value) {
    if (atomic.wait<i32>(address, value, timeout) === AtomicWaitResult.TIMED_OUT) return false;
  }
  return true;
}

/** Barrier for all threads of the job. */
export function barrier(threads: i32): void {
  if (threads === 1) return;
  const passed = atomic.load<i32>(BARRIERS);
  if (atomic.add<i32>(ARRIVED, 1) === threads - 1) {
    atomic.store<i32>(ARRIVED, 0);
    atomic.add<i32>(BARRIERS, 1);
    atomic.notify(BARRIERS, -1);
  } else {
    waitWhile(BARRIERS, passed, -1);
  }
}

/** Hands a job to the helpers. */
export function publish(job: i32, threads: i32, helpers: i32): void {
  store<i32>(JOB, job);
  store<i32>(THREADS, threads);
  atomic.store<i32>(RUNNING, helpers);
  atomic.add<i32>(JOB_NUMBER, 1);
  atomic.notify(JOB_NUMBER, -1);
}

/** Waits until all helpers have finished. @returns false if one does not respond */
export function awaitHelpers(): bool {
  let running = atomic.load<i32>(RUNNING);
  while (running > 0) {
    if (!waitWhile(RUNNING, running, TIMEOUT)) return false;
    running = atomic.load<i32>(RUNNING);
  }
  return true;
}

/** Waits for the next job of a helper. @param seen number of the last job @returns the number of the new job */
export function awaitJob(seen: i32): i32 {
  waitWhile(JOB_NUMBER, seen, -1, IDLE_SPINS);
  return atomic.load<i32>(JOB_NUMBER);
}

/** Reports that this helper has finished its share. */
export function report(): void {
  atomic.sub<i32>(RUNNING, 1);
  atomic.notify(RUNNING, -1);
}
