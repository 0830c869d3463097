import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessTrainings, type TrainingProcess } from '../../../../src/cli/mcp/trainings.ts';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { runsFolder } from '../../../../src/runs/home.ts';
import { sweepsFolder } from '../../../../src/sweeps/sweepStore.ts';
import { exampleRecord, writeExample } from '../../runs/examples.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { plannedTrials } from '../../../../src/sweeps/plannedTrials.ts';
import { sweepOf } from '../../sweeps/examples.ts';
import { request } from '../../worker/fixture.ts';

/** A process whose run begins when the test says so. */
class FakeProcess implements TrainingProcess {
  readonly remote: TrainingProcess['remote'];
  readonly ended: Promise<void>;
  readonly threads: number;
  isKilled = false;
  readonly #exit: Promise<void>;
  #begin: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #finish: () => void = () => undefined;
  #leave: () => void = () => undefined;

  /** @param whenStarted called with the folder of a new run before it begins */
  constructor(threads: number, whenStarted: (out: string | undefined) => Promise<unknown>) {
    this.threads = threads;
    this.ended = new Promise((resolve) => (this.#finish = resolve));
    this.#exit = new Promise((resolve) => (this.#leave = resolve));
    const begun = new Promise<void>((resolve, reject) => ([this.#begin, this.#fail] = [resolve, reject]));
    begun.catch(() => undefined);
    const begin = async (out?: string) => {
      await whenStarted(out);
      await begun;
      return { run: '', folder: '' };
    };
    this.remote = {
      start: async ({ out }) => begin(out),
      resume: async () => begin(),
      stop: async () => Promise.resolve(this.#finish()),
    };
  }

  begin(): void {
    this.#begin();
  }

  kill(): void {
    this.isKilled = true;
    this.#end();
  }

  async close(): Promise<void> {
    this.#end();
    return this.#exit;
  }

  #end(): void {
    this.#fail(new Error('The process ended.'));
    this.#finish();
    this.#leave();
  }
}

describe('runs of the server of tools', () => {
  const home = temporaryFolder();
  const source = { kind: 'generated' } as const;
  const config = parseRunConfig({ task: { name: 'adding' }, threads: 3 });

  /** Trainings with fake processes, and these. */
  function trainings(whenStarted: (out: string | undefined) => Promise<unknown> = async () => Promise.resolve()) {
    const processes: FakeProcess[] = [];
    const { backends } = request(home());
    const all = new ProcessTrainings(backends, (threads) => {
      const started = new FakeProcess(threads, whenStarted);
      processes.push(started);
      return started;
    });
    return { all, processes };
  }

  const stored = async () =>
    writeExample(runsFolder(home()), exampleRecord('run-a', { state: 'stopped', config: { threads: 3 } }));

  it('are resumed once by two calls at the same time, with the threads of the run', async () => {
    const { all, processes } = trainings();
    const folder = await stored();
    const calls = [1, 2].map(async () => all.resume({ folder, changes: {} }));
    const settled = Promise.allSettled(calls);
    await Promise.any(calls.map(async (call) => call.catch(() => undefined)));
    for (const each of processes) each.begin();
    const results = (await settled).map(({ status }) => status).sort();
    assert.deepEqual(results, ['fulfilled', 'rejected']);
    assert.deepEqual(
      processes.map(({ threads }) => threads),
      [3],
    );
    assert.equal(all.status('run-a')?.phase, 'training');
    assert.equal(await all.stop('run-a'), true);
    // Once it has ended, it can be resumed again.
    const again = all.resume({ folder, changes: {} });
    while (processes.length < 2) await new Promise(setImmediate);
    processes.at(-1)?.begin();
    await again;
    await all.close();
  });

  it('end at once while a new run reads its data: nothing of it is left', async () => {
    const { all, processes } = trainings(async (out) => mkdir(out ?? '', { recursive: true }));
    const call = all.start({ config, source });
    const refused = assert.rejects(call);
    while ((await readdir(home())).length === 0) await new Promise(setImmediate);
    await all.close();
    await refused;
    assert.equal(processes[0]?.isKilled, true);
    assert.deepEqual(await readdir(runsFolder(home())), []);
  });

  it('do not begin when they are stopped before, and a resumed one is left to close its files', async () => {
    const { all, processes } = trainings();
    const folder = await stored();
    const call = assert.rejects(all.resume({ folder, changes: {} }));
    while (all.status('run-a') === undefined) await new Promise(setImmediate);
    assert.equal(await all.stop('run-a'), true);
    await call;
    assert.deepEqual([processes[0]?.isKilled, all.status('run-a')?.phase], [false, 'failed']);
    assert.ok(existsSync(join(folder, 'run.json')));
    await all.close();
  });

  it('are not started once the server closes, also by a call that has begun before', async () => {
    const { all, processes } = trainings();
    const folder = await stored();
    const sweep = sweepOf({ fields: { 'model.units': { values: [3, 5] } } }, { task: { name: 'adding' } });
    const calls = Promise.allSettled([
      all.resume({ folder, changes: {} }),
      all.startSweep({ sweep, trials: plannedTrials(sweep), file: null, sha256: '', source, parent: null }),
    ]);
    const closed = all.close();
    const late = Promise.allSettled([all.start({ config, source })]);
    for (const { status } of [...(await calls), ...(await late)]) assert.equal(status, 'rejected');
    await closed;
    assert.deepEqual(processes, []);
    // The plan of the sweep is not locked: it can be resumed.
    for (const each of await readdir(sweepsFolder(home())))
      assert.ok(!(await readdir(join(sweepsFolder(home()), each))).some((name) => name.startsWith('lock')));
  });
});
