/** Something this machine lacks and the scripts could not get: the message says what, and where it can, the remedy. */
export class Unavailable extends Error {}

/** Runs `action`; whatever it throws becomes an `Unavailable` that begins with `what`. */
export async function orUnavailable<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    throw new Unavailable(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
