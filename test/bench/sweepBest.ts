/**
 * `npm run bench -- sweepBest --text FILE [--steps N] [--trials N] [--seeds N] [--workers N]` runs the sample sweep
 * `language-model` on a text, and then trains the best setting and the defaults with other seeds, for as many steps. It
 * prints the mean validation loss of both with their spread over the seeds, and the time of all.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseRunConfig, setField } from '../../src/config/parse.ts';
import { disk } from '../../src/platform/files.ts';
import { bestSettings } from '../../src/sweeps/analysis/bestSettings.ts';
import { checkSweep } from '../../src/sweeps/checkSweep.ts';
import { readPlan } from '../../src/sweeps/plan/planFile.ts';
import { describeValues, type Setting } from '../../src/sweeps/space/dimension.ts';
import { lastSweepOf } from '../../src/sweeps/sweepStore.ts';

const { values } = parseArgs({
  options: {
    text: { type: 'string' },
    steps: { type: 'string' },
    trials: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    workers: { type: 'string', default: '2' },
  },
});
if (values.text === undefined) throw new Error('Name the text: npm run bench -- sweepBest --text FILE');

/** Seed of the first run that confirms the result: the sweep has seen none of them. */
const FIRST_SEED = 101;
/** Loss difference in nats that counts. */
const MARGIN = 0.02;

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SAMPLE = new URL('../../media/samples/language-model.sequence-lab-sweep.json', import.meta.url);
const home = await mkdtemp(join(tmpdir(), 'sequence-lab-sweep-best-'));

/** Runs the command line. @returns its last line */
async function command(output: 'shown' | 'read', ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, SEQUENCE_LAB_HOME: home };
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === 'shown') process.stdout.write(data);
    last = `${last}${String(data)}`.split('\n').slice(-2).join('\n');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`sequence-lab ${args[0]} ended with exit code ${code}.`);
  return last.trim();
}

/** The sweep on the text, and the configuration that its trials change. */
async function sweepFile(): Promise<{ readonly path: string; readonly base: object }> {
  const sample = JSON.parse(await readFile(SAMPLE, 'utf8')) as { base: object; budget: object };
  let base = setField(sample.base, 'data.train', resolve(values.text ?? ''));
  if (values.steps !== undefined) {
    const steps = Number(values.steps);
    const every = Math.max(1, Math.round(steps / 5));
    for (const [field, value] of Object.entries({ steps, validateEvery: every, checkpointEvery: steps }))
      base = setField(base, `training.${field}`, value);
  }
  const budget = values.trials === undefined ? sample.budget : { trials: Number(values.trials) };
  const path = join(home, 'language-model.sequence-lab-sweep.json');
  await writeFile(path, JSON.stringify({ ...sample, base, budget }));
  return { path, base };
}

/** The values of the best trial of the sweep. */
async function bestOf(path: string): Promise<Setting> {
  const folder = await lastSweepOf(home, path, disk);
  const state = folder === undefined ? undefined : await readPlan(folder);
  if (!state) throw new Error('The sweep has no plan.');
  const [best] = bestSettings(checkSweep(state.header.sweep, state.header.base), state);
  if (!best) throw new Error('No trial of the sweep has an objective.');
  return best.values;
}

let files = 0;

/** Validation loss of the model that a run keeps. */
async function lossOf(config: object, seed: number): Promise<number> {
  const path = join(home, `${files++}.sequence-lab.json`);
  await writeFile(path, JSON.stringify(parseRunConfig({ ...config, seed, threads: 1 })));
  const end = JSON.parse(await command('read', 'train', '--config', path, '--json')) as { valLoss: number };
  return end.valLoss;
}

/** Does jobs, as many at a time as there are workers. @returns their results in order */
async function shared<T>(jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const left = [...jobs.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await next[1]();
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  return results;
}

function spread(losses: readonly number[]): { readonly mean: number; readonly text: string } {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const deviation = Math.sqrt(
    losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / Math.max(1, losses.length - 1),
  );
  return {
    mean,
    text: `${mean.toFixed(4)} ± ${deviation.toFixed(4)} (${losses.map((loss) => loss.toFixed(4)).join(', ')})`,
  };
}

try {
  const began = performance.now();
  const { path, base } = await sweepFile();
  await command('shown', 'sweep', path, '--workers', values.workers);
  const swept = (performance.now() - began) / 1000;
  const best = await bestOf(path);
  const chosen = Object.entries(best).reduce<object>((config, [field, value]) => setField(config, field, value), base);
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => FIRST_SEED + i);
  const losses = await shared(
    [chosen, base].flatMap((config) => seeds.map((seed) => async () => lossOf(config, seed))),
  );
  const [ofBest, ofDefaults] = [spread(losses.slice(0, seeds.length)), spread(losses.slice(seeds.length))];
  const gain = ofDefaults.mean - ofBest.mean;
  console.log(`\nBest setting: ${describeValues(best).join(' · ')}`);
  console.log(`Validation loss of the best setting: ${ofBest.text}`);
  console.log(`Validation loss of the defaults:     ${ofDefaults.text}`);
  console.log(`The best is lower by ${gain.toFixed(4)} nats: ${gain >= MARGIN ? 'at least' : 'less than'} ${MARGIN}.`);
  const all = (performance.now() - began) / 1000;
  console.log(`${all.toFixed(0)} s in all, ${swept.toFixed(0)} s of them for the sweep, Node ${process.version}`);
} finally {
  await rm(home, { recursive: true, force: true });
}
