/** Thrown when a required tool is missing and cannot be installed; the message names it and, if known, the remedy. */
export class Unavailable extends Error {}

/** Runs `action` and converts its errors to `Unavailable` with the prefix `what`. */
export async function orUnavailable<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    throw new Unavailable(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
