/**
 * `npm run bench -- kills [--runs N] [--seed S]` trains a small language model with the command line, kills the whole
 * process group at a random time, up to three times in a run, resumes it to its end, and compares what it leaves with
 * an undisturbed run: the model and all checkpoints byte for byte, metrics and probes without their times.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readProbes } from '../../src/runs/probeStore.ts';
import { Generator } from '../../src/random/generator.ts';
import { withoutEndings } from '../fixtures/withoutEndings.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const TEXT = fileURLToPath(new URL('../../media/samples/tide.txt', import.meta.url));
/** Most kills of a run. */
const KILLS = 3;
/** Times are not compared. */
const TIMES = new Set(['seconds', 'itemsPerSecond']);

const config: RunConfigInput = {
  backend: 'wasm',
  threads: 1,
  data: { sequenceLength: 20 },
  model: { units: 16 },
  training: { batchSize: 4, steps: 400, validateEvery: 23, checkpointEvery: 7, patience: 0 },
  probes: { every: 11 },
  sampling: { every: 50, length: 40 },
};

const home = await mkdtemp(join(tmpdir(), 'sequence-lab-kills-'));
const settings = join(home, 'config.json');
await writeFile(settings, JSON.stringify(config));

/** Starts the command line in a new process group. */
function start(...args: readonly string[]): ChildProcess {
  const env = { ...process.env, SEQUENCE_LAB_HOME: home };
  return spawn(process.execPath, [CLI, 'train', ...args], { detached: true, env, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Trains a run, or goes on with what a kill has left of it. */
function trainOrResume(folder: string): ChildProcess {
  if (existsSync(join(folder, 'run.json'))) return start('--resume', folder);
  return start(TEXT, '--config', settings, '--out', folder);
}

async function finish(child: ChildProcess): Promise<void> {
  let message = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (message = (message + text).slice(-2000)));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`exit code ${code}: ${message}`);
}

/** What a run leaves, without times. */
async function resultOf(folder: string): Promise<unknown> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort())
    if (/^model.[^/\\]+$|tensors\.bin$|kept-/.test(name)) files[name] = await readFile(join(folder, name), 'latin1');
  const events = { metrics: withoutEndings(await readMetrics(folder)), probes: await readProbes(folder) };
  const timeless: unknown = JSON.parse(JSON.stringify(events, (key, value: unknown) => (TIMES.has(key) ? 0 : value)));
  return { files, timeless };
}

try {
  const reference = join(home, 'reference');
  const before = performance.now();
  await finish(trainOrResume(reference));
  const duration = performance.now() - before;
  const expected = await resultOf(reference);
  const random = Generator.forPurpose(Number(values.seed), 'kills');
  const count = { kills: 0, unprepared: 0, equal: 0 };
  for (let run = 1; run <= Number(values.runs); run++) {
    const folder = join(home, `run-${run}`);
    for (let kill = 0; kill < 1 + (random.nextWord() % KILLS); kill++) {
      const child = trainOrResume(folder);
      const ended = once(child, 'exit');
      const delay = duration * (random.nextWord() / 2 ** 32);
      await Promise.race([ended, setTimeout(delay)]);
      if (child.exitCode !== null || child.pid === undefined) break;
      process.kill(-child.pid, 'SIGKILL');
      await ended;
      count.kills++;
      if (!existsSync(join(folder, 'run.json'))) count.unprepared++;
    }
    await finish(trainOrResume(folder));
    const isEqual = isDeepStrictEqual(await resultOf(folder), expected);
    if (isEqual) count.equal++;
    else console.log(`run ${run}: differs from the undisturbed run; it is kept in ${folder}`);
    if (isEqual) await rm(folder, { recursive: true });
    console.log(`${run}: ${count.kills} kills, ${count.unprepared} before run.json, ${count.equal} runs equal`);
  }
  process.exitCode = count.equal === Number(values.runs) ? 0 : 1;
} finally {
  if (process.exitCode === 0) await rm(home, { recursive: true, force: true });
}
