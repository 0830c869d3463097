import { Unavailable } from '../../scripts/lib/unavailable.ts';

/** Runs `prepare` in a hook. If this machine lacks something for it, prints the reason and skips the hook's tests. */
export async function prepareOrSkip<T>(hook: Mocha.Context, prepare: () => Promise<T>): Promise<T> {
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.log(`${hook.test?.parent?.fullTitle() ?? 'Skipped'}: ${error.message}`);
    return hook.skip();
  }
}
