/**
 * `npm test [-- SUITE ... [--grep PATTERN]]` installs what is missing and runs every suite, or those that are named
 * with the ones they need.
 *
 * The last line is `N passed, N failed, N skipped`, and the exit code is 1 if anything failed. A suite that this
 * machine cannot run is skipped with its reason, unless SEQUENCE_LAB_REQUIRE (names with commas between) asks for it:
 * then it counts as failed.
 */
import { parseArgs } from 'node:util';
import { addCounts, type Counts } from '../test/harness/counts.ts';
import { main } from './lib/main.ts';
import { Unavailable } from './lib/unavailable.ts';
import { type Suite, suites } from './suites.ts';

interface Outcome extends Counts {
  name: string;
  seconds: number;
  /** Why it was skipped or failed as a whole. */
  reason?: string;
}

const required = new Set((process.env['SEQUENCE_LAB_REQUIRE'] ?? '').split(',').filter(Boolean));

function suiteNamed(name: string): Suite {
  const suite = suites.find((each) => each.name === name);
  if (suite !== undefined) return suite;
  throw new Error(`There is no suite "${name}". The suites are ${suites.map((each) => each.name).join(', ')}.`);
}

/** The suites to run, in their order: all of them, or those named and what they need. */
function chosen(names: readonly string[]): readonly Suite[] {
  if (names.length === 0) return suites;
  const wanted = new Set(names.flatMap((name) => [name, ...(suiteNamed(name).needs ?? [])]));
  return suites.filter((suite) => wanted.has(suite.name));
}

async function outcomeOf(suite: Suite, grep?: string): Promise<Outcome> {
  const start = performance.now();
  const outcome = (counts: Counts, reason?: string): Outcome => ({
    ...counts,
    name: suite.name,
    seconds: (performance.now() - start) / 1000,
    ...(reason === undefined ? {} : { reason }),
  });
  const skipped = (count: number, reason: string): Outcome =>
    required.has(suite.name)
      ? outcome({ passed: 0, failed: count, skipped: 0 }, `required, but skipped: ${reason}`)
      : outcome({ passed: 0, failed: 0, skipped: count }, reason);
  try {
    const counts = await suite.run(grep);
    if (counts.passed + counts.failed > 0) return outcome(counts);
    if (counts.skipped > 0) return skipped(counts.skipped, 'every test of it was skipped');
    return outcome({ passed: 0, failed: 1, skipped: 0 }, 'no test ran');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return error instanceof Unavailable ? skipped(1, reason) : outcome({ passed: 0, failed: 1, skipped: 0 }, reason);
  }
}

const inWords = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

await main(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });
  for (const name of required) suiteNamed(name);
  const outcomes: Outcome[] = [];
  for (const suite of chosen(positionals)) {
    console.log(`\n=== ${suite.name}`);
    const outcome = await outcomeOf(suite, values.grep);
    if (outcome.reason !== undefined) console.log(outcome.reason);
    outcomes.push(outcome);
  }
  console.log('\n=== summary');
  for (const outcome of outcomes) {
    const reason = outcome.reason === undefined ? '' : ` (${outcome.reason.split('\n')[0]})`;
    console.log(`${outcome.name.padEnd(18)} ${inWords(outcome)} in ${outcome.seconds.toFixed(1)} s${reason}`);
  }
  const total = outcomes.reduce<Counts>(addCounts, { passed: 0, failed: 0, skipped: 0 });
  if (total.failed > 0) process.exitCode = 1;
  console.log(inWords(total));
});
