import Mocha from 'mocha';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Report } from './counts.ts';

/** The test file that was running in a process that ended; empty for any other failure. */
function fileOfEndedProcess(error: unknown): string {
  return error instanceof Error && 'file' in error ? `, in ${String(error.file)}` : '';
}

/** Mocha's `spec` on screen, and a `Report` as JSON in the file that `--reporter-option file=` names. */
export default class SpecAndCounts extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = String(options.reporterOptions?.file);
    const failures: string[] = [];
    runner.on('fail', (test, error) => failures.push(test.fullTitle() + fileOfEndedProcess(error)));
    runner.once('end', () => {
      const { passes, pending } = this.stats;
      const report: Report = { passed: passes, failed: failures.length, skipped: pending, failures };
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(report, null, 2));
    });
  }
}
