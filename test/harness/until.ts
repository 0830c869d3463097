import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds to wait for a condition: much longer than necessary, for slow machines. */
export const PATIENCE = 120_000;
/** Milliseconds to wait for the effect of an action before repeating it; twice as long after each repetition. */
const EFFECT_TIME = 10_000;
const POLL_INTERVAL = 50;

/** Calls `holds` until it returns true. A call that throws counts as false. Returns the last result. */
async function poll(holds: () => Promise<boolean>, milliseconds: number): Promise<unknown> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const result = await holds().catch((error: unknown) => error);
    if (result === true || Date.now() > deadline) return result;
    await sleep(POLL_INTERVAL);
  }
}

/**
 * Waits until a condition holds. The check may throw, for example because a frame was replaced: it is repeated.
 *
 * @throws AssertionError with the description and the last result
 */
export async function until(what: string, holds: () => Promise<boolean>, patience = PATIENCE): Promise<void> {
  const result = await poll(holds, patience);
  assert.ok(result === true, `waited in vain until ${what}; last: ${JSON.stringify(result)}`);
}

/**
 * Repeats an assertion until it passes.
 *
 * @throws the error of its last call
 */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  const passes = async () => {
    await check();
    return true;
  };
  const result = await poll(passes, PATIENCE);
  if (result !== true) throw result;
}

/**
 * Performs an action and waits for its effect. An action that fails or has no effect in time is repeated, so it must be
 * idempotent.
 *
 * @throws AssertionError with the description, the last error of the action and the last result
 */
export async function actUntil(
  what: string,
  act: () => Promise<unknown>,
  holds: () => Promise<boolean>,
  effectTime = EFFECT_TIME,
): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  let patience = effectTime;
  for (;;) {
    const failure = await act().then(
      () => undefined,
      (error: unknown) => error,
    );
    const result = await poll(holds, failure === undefined ? patience : 0);
    if (result === true) return;
    // Otherwise, a slow action would be begun again and again, and never have its effect.
    if (failure === undefined) patience *= 2;
    if (Date.now() > deadline) {
      assert.fail(
        `acted in vain until ${what}; the action: ${failure instanceof Error ? failure.message : 'performed'}; last: ${JSON.stringify(result)}`,
      );
    }
  }
}
