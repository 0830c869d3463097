import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../scripts/lib/product.ts';
import { sha256Hex } from '../../src/platform/hashing.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import type { PlanEvent } from '../../src/sweeps/plan/events.ts';
import { readPlan } from '../../src/sweeps/plan/planFile.ts';
import { withoutEndings } from '../fixtures/withoutEndings.ts';
import type { SlurmCluster } from '../harness/slurmCluster.ts';

/** Values that differ from one run to the next. */
const TIMES: ReadonlySet<string> = new Set(['seconds', 'itemsPerSecond']);

/** What a run leaves, without times. */
interface RunResult {
  /** SHA-256 of the files of its models and checkpoints, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly metrics: unknown;
}

/** A sweep of learning rates. @param others method and others parts of the file */
export function sweepOf(
  steps: number,
  rates: readonly number[],
  others: object = { method: { name: 'grid' } },
): object {
  return {
    base: tinyTrials(steps, 5),
    fields: { 'training.learningRate': { values: rates } },
    ...others,
  };
}

/** Tiny trials, which validate every 20 steps. */
export function tinyTrials(steps: number, checkpointEvery: number): object {
  return {
    task: { name: 'adding', validationSequences: 20 },
    data: { sequenceLength: 10 },
    backend: 'wasm',
    threads: 1,
    model: { units: 8 },
    training: { steps, batchSize: 4, validateEvery: 20, checkpointEvery, patience: 0 },
    probes: { every: 0 },
  };
}

/** A folder with a sweep file, and homes in which `sequence-lab sweep` runs it. */
export class SweepWork {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  static async create(env: NodeJS.ProcessEnv): Promise<SweepWork> {
    return new SweepWork(await mkdtemp(join(tmpdir(), 'sequence-lab-slurm-sweep-')), env);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async write(sweep: object): Promise<void> {
    await writeFile(join(this.folder, 'rates.sequence-lab-sweep.json'), JSON.stringify(sweep));
  }

  /** Starts `sequence-lab sweep` with a home folder. */
  start(home: string, ...flags: readonly string[]): ChildProcess {
    return spawn(
      process.execPath,
      [commandLine, 'sweep', join(this.folder, 'rates.sequence-lab-sweep.json'), ...flags],
      {
        env: { ...this.#env, SEQUENCE_LAB_HOME: join(this.folder, home) },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
  }

  /** Runs `sequence-lab sweep` to its end, and returns its exit code. */
  async run(home: string, ...flags: readonly string[]): Promise<unknown> {
    return exitCode(this.start(home, ...flags));
  }

  /** What the run of a trial leaves. */
  async result(home: string, trial: number): Promise<RunResult> {
    const runs = join(this.folder, home, 'runs');
    const ending = `-${String(trial).padStart(4, '0')}`;
    const run = join(runs, (await readdir(runs)).find((name) => name.endsWith(ending)) ?? ending);
    const files: Record<string, string> = {};
    for (const name of (await readdir(run, { recursive: true })).sort())
      if (/^model.[^/\\]+$|tensors\.bin$/.test(name)) files[name] = sha256Hex(await readFile(join(run, name)));
    assert.ok(Object.keys(files).length > 0);
    const text = JSON.stringify(withoutEndings(await readMetrics(run)), (key, value: unknown) =>
      TIMES.has(key) ? 0 : value,
    );
    return { files, metrics: JSON.parse(text) as unknown };
  }

  /** What the runs of the first trials leave. */
  async results(home: string, count: number): Promise<RunResult[]> {
    return Promise.all(Array.from({ length: count }, async (_, index) => this.result(home, index + 1)));
  }

  /** What a trial with a learning rate leaves that trains on this machine alone. */
  async alone(rate: number, steps: number): Promise<RunResult> {
    const home = `alone-${rate}`;
    await this.write(sweepOf(steps, [rate]));
    assert.equal(await this.run(home, '--workers', '1'), 0);
    return this.result(home, 1);
  }

  /** The events of the plan of the only sweep of a home. */
  async plan(home: string): Promise<PlanEvent[]> {
    const lines = (await readFile(join(await this.#sweep(home), 'plan.jsonl'), 'utf8')).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as PlanEvent);
  }

  /** Number of trials that have ended; 0 without a plan. */
  async ended(home: string): Promise<number> {
    const events = await this.plan(home).catch(() => []);
    return events.filter(({ event }) => event === 'ended').length;
  }

  /** Asserts that a number of trials has ended, each of them well and once at each of its rungs. */
  async assertEndedOnce(home: string, count: number): Promise<void> {
    const plan = await readPlan(await this.#sweep(home));
    assert.equal(plan?.trials.length, count);
    for (const { status, results } of plan.trials) {
      assert.equal(status, 'ended');
      for (const { reason } of results) assert.equal(reason, 'completed');
    }
    const rungs = plan.trials.flatMap(({ results }) => results).length;
    assert.equal(await this.ended(home), rungs);
  }

  async #sweep(home: string): Promise<string> {
    const sweeps = join(this.folder, home, 'sweeps');
    const [sweep = '', ...others] = await readdir(sweeps);
    assert.deepEqual(others, []);
    return join(sweeps, sweep);
  }
}

export async function exitCode(child: ChildProcess): Promise<unknown> {
  return ((await once(child, 'exit')) as unknown[])[0];
}

/** Work on a cluster in a new folder for each test of a suite, removed after it. */
export function sweepWorkOfTests(cluster: () => SlurmCluster): () => SweepWork {
  let work: SweepWork | undefined;
  beforeEach(async () => {
    work = await SweepWork.create(cluster().env);
  });
  afterEach(async () => work?.remove());
  return () => {
    assert.ok(work, 'no test has begun');
    return work;
  };
}
