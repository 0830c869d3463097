/**
 * `npm test [-- SUITE ... [--grep PATTERN] [--repeat N] [--jobs N] [--pictures]]` installs what is missing and runs every suite, or the named
 * ones after the suites they need. `npm test -- --help` lists the suites.
 *
 * The last line is `N passed, N failed, N skipped`, and the exit code is 1 if anything failed. A suite that this
 * machine cannot run is skipped with its reason, unless SEQUENCE_LAB_REQUIRE (names separated by commas) contains it:
 * then it counts as failed.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { addCounts, type Counts, type Report } from '../test/harness/counts.ts';
import { main } from './lib/main.ts';
import { Unavailable } from './lib/unavailable.ts';
import { type Suite, type SuiteOptions, suites } from './suites.ts';

const USAGE = `npm test [-- SUITE ... [--grep PATTERN] [--repeat N] [--jobs N] [--pictures]]

Without SUITE every suite runs, apart from those marked "by name".

  --grep PATTERN  runs only the tests whose title matches
  --repeat N      runs the suites N times and lists how often each test failed; what they need runs once
  --jobs N        shares the files of unit, pages and e2e among N processes; 2 by default, or 1 on one core
  --pictures      lets the tests of pages take pictures of every state, in out/screenshots

Suites:`;

/** Result of a run of a suite. */
interface Outcome extends Report {
  name: string;
  seconds: number;
  /** Reason why the suite was skipped or failed to run. */
  reason?: string;
}

const required = new Set((process.env['SEQUENCE_LAB_REQUIRE'] ?? '').split(',').filter(Boolean));

function suiteNamed(name: string): Suite {
  const suite = suites.find((each) => each.name === name);
  if (suite !== undefined) return suite;
  throw new Error(`There is no suite "${name}". The suites are ${suites.map((each) => each.name).join(', ')}.`);
}

/** The suites to run, in the order of the table: the requested ones and those they need. */
function withNeeds(requested: ReadonlySet<string>): readonly Suite[] {
  const wanted = new Set([...requested].flatMap((name) => [name, ...(suiteNamed(name).needs ?? [])]));
  return suites.filter((suite) => wanted.has(suite.name));
}

async function outcomeOf(suite: Suite, options: SuiteOptions): Promise<Outcome> {
  const start = performance.now();
  const outcome = (report: Report, reason?: string): Outcome => ({
    ...report,
    name: suite.name,
    seconds: (performance.now() - start) / 1000,
    ...(reason === undefined ? {} : { reason }),
  });
  const failed = (reason: string): Outcome =>
    outcome({ passed: 0, failed: 1, skipped: 0, failures: ['the suite as a whole'] }, reason);
  const skipped = (count: number, reason: string): Outcome =>
    required.has(suite.name)
      ? failed(`required, but skipped: ${reason}`)
      : outcome({ passed: 0, failed: 0, skipped: count, failures: [] }, reason);
  try {
    const report = await suite.run(options);
    if (report.passed + report.failed > 0) return outcome(report);
    if (report.skipped > 0) return skipped(report.skipped, 'every test of it was skipped');
    return failed('no test ran');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return error instanceof Unavailable ? skipped(1, reason) : failed(reason);
  }
}

const describeCounts = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

const describeOutcome = ({ name, seconds, reason, ...counts }: Outcome): string => {
  const why = reason === undefined ? '' : ` (${reason.split('\n')[0]})`;
  return `${name.padEnd(18)} ${describeCounts(counts)} in ${seconds.toFixed(1)} s${why}`;
};

/** A line for each test that failed, with the number of runs of its suite in which it did. */
function describeFailures(outcomes: readonly Outcome[]): string[] {
  return [...new Set(outcomes.map(({ name }) => name))].flatMap((name) => {
    const runs = outcomes.filter((outcome) => outcome.name === name);
    return [...new Set(runs.flatMap(({ failures }) => failures))].map((title) => {
      const count = runs.filter(({ failures }) => failures.includes(title)).length;
      return `${name} failed in ${count} of ${runs.length} runs: ${title}`;
    });
  });
}

function help(): string {
  const lines = suites.map(({ name, about, takes, needs, byName }) => {
    const after = needs === undefined ? '' : `; needs ${needs.join(', ')}`;
    const named = byName ? '; by name' : '';
    return `  ${name.padEnd(18)} ${about} (${takes}${after}${named})`;
  });
  return [USAGE, ...lines].join('\n');
}

function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${option} must be a positive integer; it is ${text}.`);
  return value;
}

await main(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      grep: { type: 'string' },
      repeat: { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      pictures: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return console.log(help());
  const times = positiveInteger('repeat', values.repeat);
  const options = { grep: values.grep, jobs: positiveInteger('jobs', values.jobs) };
  for (const name of required) suiteNamed(name);
  if (values.pictures) process.env['SEQUENCE_LAB_PICTURES'] = '1';
  const all = suites.filter(({ byName }) => !byName).map(({ name }) => name);
  const requested = new Set(positionals.length > 0 ? positionals : all);
  const outcomes: Outcome[] = [];
  for (const suite of withNeeds(requested)) {
    const runs = requested.has(suite.name) ? times : 1;
    for (let round = 1; round <= runs; round++) {
      console.log(`\n=== ${suite.name}${runs === 1 ? '' : `, run ${round} of ${runs}`}`);
      const outcome = await outcomeOf(suite, options);
      if (outcome.reason !== undefined) console.log(outcome.reason);
      outcomes.push(outcome);
    }
  }
  console.log('\n=== summary');
  for (const outcome of outcomes) console.log(describeOutcome(outcome));
  for (const line of describeFailures(outcomes)) console.log(line);
  const total = outcomes.reduce<Counts>(addCounts, { passed: 0, failed: 0, skipped: 0 });
  if (total.failed > 0) process.exitCode = 1;
  console.log(describeCounts(total));
});
