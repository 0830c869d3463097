/**
 * `npm run fuzz -- [--minutes N] [--seed S] [--target NAME]` mutates data, configurations, files of runs and messages, and
 * reads them. Each input that shows a fault is kept in test/fuzz/corpus, where the unit tests read it again.
 *
 * `npm run fuzz -- --pages N` sends N mutated messages to each page in a browser.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keep } from '../test/fuzz/corpus.ts';
import { fuzz } from '../test/fuzz/fuzz.ts';
import { fuzzTargets } from '../test/fuzz/targets.ts';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { run } from './lib/run.ts';

await main(async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(1 + (Date.now() % 1_000_000)) },
      target: { type: 'string' },
      pages: { type: 'string' },
    },
  });
  if (values.pages !== undefined) return fuzzPages(values.pages);
  for (const name of ['minutes', 'seed'] as const)
    if (!(Number(values[name]) > 0)) throw new Error(`--${name} must be a positive number; it is ${values[name]}.`);
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-fuzz-'));
  try {
    const all = await fuzzTargets(home);
    const targets = all.filter(({ name }) => values.target === undefined || name === values.target);
    if (targets.length === 0) throw new Error(`Targets: ${all.map(({ name }) => name).join(', ')}.`);
    const end = performance.now() + 60_000 * Number(values.minutes);
    const { read, findings } = await fuzz(targets, { seed: Number(values.seed), goOn: () => performance.now() < end });
    console.log(`${read} inputs for ${targets.length} readers, seed ${values.seed}: ${findings.length} faults`);
    for (const finding of findings) console.log(`${finding.target}: ${await keep(finding)}\n  ${finding.problem}`);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

async function fuzzPages(messages: string): Promise<void> {
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const test = join(root, 'test', 'e2e', 'hostileContentPage.test.ts');
  const env = { ...process.env, SEQUENCE_LAB_PAGE_MESSAGES: messages };
  await run(process.execPath, [mocha, '--no-config', '--timeout', '0', '--grep', 'mutated', test], { cwd: root, env });
}
