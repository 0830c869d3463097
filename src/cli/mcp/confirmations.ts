import { randomBytes } from 'node:crypto';

/** Milliseconds for which a confirmation may be redeemed. */
export const CONFIRMATION_MS = 5 * 60_000;

/** Most confirmations that wait; the oldest ones are dropped. */
const MOST = 100;

interface Waiting {
  readonly tool: string;
  readonly args: string;
  /** Time after which it is over, in milliseconds. */
  readonly until: number;
}

/** Calls that a user has yet to confirm. A token is for one call with the same arguments, once, for a limited time. */
export class Confirmations {
  readonly #now: () => number;
  readonly #waiting = new Map<string, Waiting>();

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A token for a call. */
  offer(tool: string, args: unknown): string {
    const token = randomBytes(16).toString('hex');
    this.#waiting.set(token, { tool, args: canonical(args), until: this.#now() + CONFIRMATION_MS });
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size <= MOST) break;
      this.#waiting.delete(oldest);
    }
    return token;
  }

  /** Whether a token is that of this call. It is used up. */
  redeem(token: string, tool: string, args: unknown): boolean {
    const waiting = this.#waiting.get(token);
    this.#waiting.delete(token);
    return waiting?.tool === tool && waiting.args === canonical(args) && this.#now() < waiting.until;
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
