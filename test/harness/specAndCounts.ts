import Mocha from 'mocha';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Mocha's `spec` on screen, and the outcome of every test as JSON in the file that `--reporter-option file=` names. */
export default class SpecAndCounts extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = String(options.reporterOptions?.file);
    const tests: { title: string; state: string; milliseconds: number; error?: string }[] = [];
    runner.on('pending', (test) => tests.push({ title: test.fullTitle(), state: 'skipped', milliseconds: 0 }));
    runner.on('pass', (test) =>
      tests.push({ title: test.fullTitle(), state: 'passed', milliseconds: test.duration ?? 0 }),
    );
    runner.on('fail', (test, error: Error) => {
      tests.push({ title: test.fullTitle(), state: 'failed', milliseconds: test.duration ?? 0, error: error.message });
    });
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending, tests }, null, 2));
    });
  }
}
