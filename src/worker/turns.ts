import { yieldToEventLoop } from '../platform/system.ts';

/** Milliseconds of work after which the events of the process are handled, such as a message that cancels a text. */
const TURN_MS = 10;

/**
 * Returns a function that yields to the event loop once the work since the last call that yielded has taken `TURN_MS`.
 * Yielding after every token of a text takes longer than the token, in a browser many times as long.
 */
export function turns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < TURN_MS) return;
    await yieldToEventLoop();
    began = performance.now();
  };
}
