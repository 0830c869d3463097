import { Unavailable } from '../../scripts/lib/unavailable.ts';

/** Runs `prepare` in a hook. If it throws `Unavailable`, prints the reason and skips the tests of the hook. */
export async function prepareOrSkip<T>(hook: Mocha.Context, prepare: () => Promise<T>): Promise<T> {
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.log(`${hook.test?.parent?.fullTitle() ?? 'Skipped'}: ${error.message}`);
    return hook.skip();
  }
}
