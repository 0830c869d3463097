import { randomBytes } from 'node:crypto';

/** Milliseconds for which a confirmation may be redeemed. */
export const CONFIRMATION_MS = 5 * 60_000;

/** Most confirmations that wait; the oldest ones are dropped. */
const MOST = 100;

/** A call as the user has seen it. */
export interface ShownCall {
  readonly tool: string;
  readonly args: unknown;
  /** What the user was shown, and what it depends on. */
  readonly shown: string;
}

interface Waiting {
  /** The call as JSON. */
  readonly call: string;
  /** Time after which it is over, in milliseconds. */
  readonly until: number;
}

/**
 * Calls that a user has yet to confirm. A token is for one call with the same arguments and the same effect, once, for a
 * limited time.
 */
export class Confirmations {
  readonly #now: () => number;
  readonly #waiting = new Map<string, Waiting>();

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A token for a call. */
  offer(call: ShownCall): string {
    const token = randomBytes(16).toString('hex');
    this.#waiting.set(token, { call: canonical(call), until: this.#now() + CONFIRMATION_MS });
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size <= MOST) break;
      this.#waiting.delete(oldest);
    }
    return token;
  }

  /** Whether a token is that of this call. It is used up. */
  redeem(token: string, call: ShownCall): boolean {
    const waiting = this.#waiting.get(token);
    this.forget(token);
    return waiting?.call === canonical(call) && this.#now() < waiting.until;
  }

  /** Uses up the token of a call that was declined. */
  forget(token: string): void {
    this.#waiting.delete(token);
  }
}

/** JSON in which the order of the keys does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
