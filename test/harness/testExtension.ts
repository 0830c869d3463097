/**
 * Extension that runs mocha inside an extension host. It is packed together with the bundled tests; code-server starts
 * it with `activate`, desktop VS Code with `run`.
 */
import type MochaModule from 'mocha';
import { appendFileSync } from 'node:fs';
import { createRequire, findSourceMap } from 'node:module';
import { join } from 'node:path';
import { EVENTS_VARIABLE, GREP_VARIABLE, MOCHA_VARIABLE, type TestEvent } from './testEvents.ts';

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The test extension needs the variable ${name}.`);
  return value;
}

function tell(event: TestEvent): void {
  appendFileSync(variable(EVENTS_VARIABLE), `${JSON.stringify(event)}\n`);
}

const testsFile = join(__dirname, 'tests.cjs');

/** Formats the stack of an error, with positions in the bundle mapped to the test files. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const map = findSourceMap(testsFile);
  return (error.stack ?? error.message).replaceAll(
    /\(?[^\s(]*tests\.cjs:(\d+):(\d+)\)?/g,
    (place, line: string, column: string) => {
      const origin = map?.findOrigin(Number(line), Number(column));
      return origin !== undefined && 'fileName' in origin ? `(${origin.fileName}:${origin.lineNumber})` : place;
    },
  );
}

function tellOf(runner: Mocha.Runner): void {
  runner.on('test', (test) => tell({ event: 'test', title: test.fullTitle() }));
  runner.on('pass', (test) => tell({ event: 'pass', title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
  runner.on('pending', (test) => tell({ event: 'skip', title: test.fullTitle() }));
  runner.on('fail', (test, error) => tell({ event: 'fail', title: test.fullTitle(), error: describeError(error) }));
}

/** Runs the tests next to this file; writes every result, including a failure to load, to the events. */
export async function run(): Promise<void> {
  try {
    process.setSourceMapsEnabled(true);
    const { default: Mocha } = (await import(variable(MOCHA_VARIABLE))) as { default: typeof MochaModule };
    const grep = process.env[GREP_VARIABLE];
    const reporter = Mocha.reporters.Base;
    const mocha = new Mocha({ timeout: 20_000, reporter, ...(grep === undefined ? {} : { grep }) });
    mocha.suite.emit('pre-require', globalThis, testsFile, mocha);
    createRequire(__filename)(testsFile);
    tell({ event: 'start', tests: mocha.suite.total() });
    await new Promise<void>((resolve) => tellOf(mocha.run(() => resolve())));
    tell({ event: 'end' });
  } catch (error) {
    tell({ event: 'broken', error: describeError(error) });
  }
}

export function activate(): void {
  void run();
}
