import { mountProduct } from '../../src/platform/web/product.ts';
import type { Report } from '../harness/counts.ts';
import { log, mountKernels, served } from './answerCall.ts';

interface Runner {
  readonly stats: { readonly passes: number; readonly pending: number };
  on(event: 'pass' | 'fail', listener: (test: { fullTitle(): string }, error?: Error) => void): void;
  once(event: 'end', listener: () => void): void;
}

interface BrowserMocha {
  setup(options: { readonly ui: 'bdd'; readonly reporter: new () => object; readonly timeout: number }): void;
  grep(pattern: string): void;
  run(): Runner;
}

const { mocha } = globalThis as unknown as { mocha: BrowserMocha };

/** Reports are sent as they come. */
class Quiet {
  readonly shows = false;
}

/** Files of the bundled model, which tests use beside the kernels. */
const SENTIMENT = ['model.bin', 'model.bin.sha256'].map((name) => `media/sentiment/${name}`);

/** Before the test files: they call `describe`. @param timeout milliseconds for a test without a limit of its own */
export function setUpMocha(timeout: number): void {
  mountKernels();
  mountProduct(served(SENTIMENT));
  mocha.setup({ ui: 'bdd', reporter: Quiet, timeout });
}

/** An error with its causes. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${described(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

/** Runs the tests that the files have described. */
export async function runMocha({ grep }: { readonly grep?: string }): Promise<Report> {
  if (grep !== undefined) mocha.grep(grep);
  const failures: string[] = [];
  const runner = mocha.run();
  runner.on('pass', (test) => log(`  ✔ ${test.fullTitle()}`));
  runner.on('fail', (test, error) => {
    failures.push(test.fullTitle());
    log(`  ✘ ${test.fullTitle()}\n${described(error)}`);
  });
  await new Promise<void>((resolve) => {
    runner.once('end', () => resolve());
  });
  const { passes, pending } = runner.stats;
  return { passed: passes, failed: failures.length, skipped: pending, failures };
}
