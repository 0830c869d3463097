import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long something on screen is waited for: far longer than it takes, as a busy machine is slow at everything. */
const PATIENCE = 120_000;

/**
 * Waits for something on screen to become true; a frame that goes away meanwhile is looked for again. @throws
 * AssertionError that says what it was
 */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const result = await holds().catch((error: unknown) => error);
    if (result === true) return;
    assert.ok(Date.now() < deadline, `waited in vain until ${what}; last: ${String(result)}`);
    await sleep(50);
  }
}
