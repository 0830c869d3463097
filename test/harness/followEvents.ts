import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from './counts.ts';
import type { TestEvent } from './testEvents.ts';

export interface FollowOptions {
  /** Milliseconds until the extension host must have loaded the tests. */
  startTimeout?: number;
  /** Milliseconds that may pass between two events. */
  silenceTimeout?: number;
}

/** Reads the events written since the last call. An incomplete line is returned by a later call. */
class EventFile {
  readonly #path: string;
  #seen = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async next(): Promise<TestEvent[]> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const whole = text.slice(this.#seen, text.lastIndexOf('\n') + 1);
    this.#seen += whole.length;
    return whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as TestEvent);
  }
}

function print(event: TestEvent): void {
  if (event.event === 'pass') console.log(`  ✔ ${event.title} (${event.milliseconds} ms)`);
  if (event.event === 'skip') console.log(`  - ${event.title}`);
  if (event.event === 'fail') console.log(`  ✘ ${event.title}\n${event.error.replace(/^/gm, '      ')}`);
}

/**
 * Prints the outcome of each test as it is written and returns the report when the run has ended.
 *
 * @throws Error naming the test that was running if the tests do not load, the extension host is restarted, or it
 *     falls silent
 */
export async function followEvents(path: string, options: FollowOptions = {}): Promise<Report> {
  const { startTimeout = 90_000, silenceTimeout = 180_000 } = options;
  const file = new EventFile(path);
  const failures: string[] = [];
  const report: Report = { passed: 0, failed: 0, skipped: 0, failures };
  let running: string | undefined;
  let lastHeard = Date.now();
  for (;;) {
    for (const event of await file.next()) {
      lastHeard = Date.now();
      print(event);
      if (event.event === 'end') return report;
      if (event.event === 'broken') throw new Error(`The tests could not be run: ${event.error}`);
      if (event.event === 'start' && running !== undefined)
        throw new Error(`The extension host was restarted during "${running}".`);
      if (event.event === 'start') running = 'the first test';
      if (event.event === 'test') running = event.title;
      if (event.event === 'pass') report.passed += 1;
      if (event.event === 'skip') report.skipped += 1;
      if (event.event === 'fail') report.failed = failures.push(event.title);
    }
    const silence = Date.now() - lastHeard;
    if (running === undefined && silence > startTimeout) {
      throw new Error(`The extension host did not load the tests within ${startTimeout / 1000} s.`);
    }
    if (running !== undefined && silence > silenceTimeout) {
      throw new Error(`No test event came for ${silenceTimeout / 1000} s; "${running}" was running.`);
    }
    await sleep(100);
  }
}
