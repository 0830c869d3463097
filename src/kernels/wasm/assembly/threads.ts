import { ARRIVED, BARRIERS, JOB, JOB_NUMBER, RUNNING, THREADS } from './layout';

/**
 * Threads meet here. Whoever waits looks again and again for a while, because the others are about to
 * arrive, and then sleeps.
 */

/**
 * Looks before going to sleep, some tenths of a millisecond: on a busy machine the other thread may wait for this
 * processor.
 */
const LOOKS: i32 = 150_000;
/** A helper without a job looks for longer: waking it for each of the jobs of a training step would take too long. */
const LOOKS_FOR_JOB: i32 = 1_500_000;
/** Nanoseconds after which a thread that does not answer is given up. */
const PATIENCE: i64 = 60_000_000_000;

/** Waits until the number at an address is no longer `value`; false if that took too long. */
function waitWhile(address: usize, value: i32, patience: i64, most: i32 = LOOKS): bool {
  for (let looks = 0; looks < most; looks++) {
    if (atomic.load<i32>(address) !== value) return true;
  }
  while (atomic.load<i32>(address) === value) {
    if (atomic.wait<i32>(address, value, patience) === AtomicWaitResult.TIMED_OUT) return false;
  }
  return true;
}

/** All threads of the job wait here for the last of them. */
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

/** Waits until all helpers have done their part; false if one does not answer. */
export function awaitHelpers(): bool {
  let running = atomic.load<i32>(RUNNING);
  while (running > 0) {
    if (!waitWhile(RUNNING, running, PATIENCE)) return false;
    running = atomic.load<i32>(RUNNING);
  }
  return true;
}

/** A helper waits for a job other than the last one it saw. @returns the job's number */
export function awaitJob(seen: i32): i32 {
  waitWhile(JOB_NUMBER, seen, -1, LOOKS_FOR_JOB);
  return atomic.load<i32>(JOB_NUMBER);
}

/** A helper has done its part. */
export function report(): void {
  atomic.sub<i32>(RUNNING, 1);
  atomic.notify(RUNNING, -1);
}
