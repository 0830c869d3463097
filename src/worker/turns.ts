import { yieldToEventLoop } from '../platform/system.ts';

/** Milliseconds of work after which the events of the process are handled, such as a message that cancels a text. */
const TURN_MS = 10;

/**
 * Returns a function that says whether the work is over. It yields to the event loop first if the work since the last time
 * that it did has taken `TURN_MS`. Yielding after every token of a text takes longer than the token, in a browser many
 * times as long.
 */
export function betweenTurns(isOver: () => boolean): () => Promise<boolean> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began >= TURN_MS) {
      await yieldToEventLoop();
      began = performance.now();
    }
    return isOver();
  };
}
