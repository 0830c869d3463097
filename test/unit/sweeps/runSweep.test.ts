import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Files } from '../../../src/platform/files.ts';
import { Generator } from '../../../src/random/generator.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { readPlan } from '../../../src/sweeps/plan/planFile.ts';
import { trialConfig } from '../../../src/sweeps/plannedTrials.ts';
import { requeueFailed, runSweep, type SweepEnd, type TrialTrainer } from '../../../src/sweeps/runSweep.ts';
import {
  createSweep,
  lastSweepOf,
  type NewSweep,
  openSweep,
  type OpenSweep,
  sweepsFolder,
} from '../../../src/sweeps/sweepStore.ts';
import { Session } from '../../../src/worker/session.ts';
import { FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { withoutEndings } from '../../fixtures/withoutEndings.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { backendsIn, newSweep, SessionTrainer, tiny } from './sessionTrainer.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const TEXT = 'the cat sat on the mat\n'.repeat(8);
const halving = { method: { name: 'halving', eta: 2, minimumSteps: 2 }, budget: { trials: 4 } };
/** Moments at which the process is killed, in one sweep after the other. */
const MOMENTS = 50;

interface Ran {
  readonly end: SweepEnd;
  readonly trained: readonly number[];
  readonly folder: string;
}

async function run(
  home: string,
  open: OpenSweep,
  {
    files = new FaultyFiles(),
    workers = 2,
    trainer,
    signal = new AbortController().signal,
  }: Partial<{
    files: Files;
    workers: number;
    trainer: SessionTrainer;
    signal: AbortSignal;
  }> = {},
): Promise<Ran> {
  const used = trainer ?? new SessionTrainer(home, files);
  try {
    const end = await runSweep({ open, trainer: used, workers, runs: runsFolder(home), files, signal });
    return { end, trained: used.trained, folder: open.folder };
  } finally {
    await open.close().catch(() => undefined);
  }
}

/** The sweep of a home, to go on with, as a process does after another one was killed; a new one if it has no plan. */
async function reopened(home: string, request: NewSweep): Promise<OpenSweep> {
  const files = new FaultyFiles();
  await abandonLocks(sweepsFolder(home));
  await abandonLocks(runsFolder(home));
  const folder = await lastSweepOf(home, request.file ?? '', files);
  return folder === undefined ? createSweep(home, request, NOW, files) : openSweep(folder, files);
}

/** Pid of no process. */
const NO_PROCESS = '999999999';

/** Makes the locks those of a process that was killed: this one, which plays its part, is alive. */
async function abandonLocks(parent: string): Promise<void> {
  if (!existsSync(parent)) return;
  for (const name of await readdir(parent, { recursive: true })) {
    if (basename(name) === 'lock') await writeFile(join(parent, name), NO_PROCESS);
    else if (basename(name).startsWith('lock.')) await rm(join(parent, name));
  }
}

/** What a sweep leaves, by trial, without ids and times. */
async function leftBy(home: string, folder: string): Promise<unknown> {
  const state = await readPlan(folder);
  assert.ok(state);
  return Promise.all(
    state.trials.map(async ({ run: id, values, rung, status, results }) => {
      const run = join(runsFolder(home), id ?? '');
      const { state: ended, progress, sweep } = await readRecord(run);
      const metrics = JSON.stringify(withoutEndings(await readMetrics(run)), (key, value: unknown) =>
        key === 'seconds' || key === 'itemsPerSecond' ? 0 : value,
      );
      return {
        values,
        rung,
        status,
        trial: sweep?.trial,
        objectives: results.map(({ objective, step, reason }) => [objective, step, reason]),
        ended,
        step: progress.step,
        metrics,
        weights: await readFile(join(run, 'model', 'weights.bin'), 'latin1'),
        tensors: await readFile(join(run, 'checkpoints', `step-${progress.step}`, 'tensors.bin'), 'latin1'),
      };
    }),
  );
}

describe('runner of sweeps', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  const text = async () => {
    const path = join(home(), 'cat.txt');
    await writeFile(path, TEXT);
    return path;
  };
  const started = async (content: object = {}) =>
    createSweep(home(), newSweep(content, await text()), NOW, new FaultyFiles());

  it('trains each trial of a grid once, as a run of the sweep that is equal to one trained alone', async () => {
    const open = await started();
    const { end, trained, folder } = await run(home(), open);
    assert.equal(end, 'done');
    assert.deepEqual(trained.toSorted(), [1, 2, 3, 4]);
    const state = await readPlan(folder);
    assert.ok(state);
    for (const trial of state.trials) {
      const run = join(runsFolder(home()), trial.run ?? '');
      const record = await readRecord(run);
      assert.deepEqual(record.sweep, { id: state.header.id, trial: trial.trial });
      assert.equal(record.progress.kept?.loss, trial.results[0]?.objective);
      const alone = await Session.start(
        {
          config: { ...trialConfig(open.sweep, trial), threads: 1 },
          source: { kind: 'file', path: join(home(), 'cat.txt') },
          backends: backendsIn(home()),
          out: join(home(), `alone-${trial.trial}`),
        },
        () => undefined,
      );
      await alone.train();
      for (const file of ['model/weights.bin', 'checkpoints/step-4/tensors.bin'])
        assert.deepEqual(await readFile(join(run, file)), await readFile(join(alone.folder, file)));
    }
  });

  it('trains on what it promotes: the best trials are equal to runs that trained through', async () => {
    const open = await started(halving);
    const { end, folder } = await run(home(), open);
    assert.equal(end, 'done');
    const state = await readPlan(folder);
    const steps = state?.trials.map(({ results }) => results.at(-1)?.step);
    assert.deepEqual(steps?.toSorted(), [2, 2, 4, 4]);
    for (const trial of state?.trials.filter(({ rung }) => rung === 1) ?? []) {
      const alone = await Session.start(
        {
          config: { ...trialConfig(open.sweep, trial), threads: 1 },
          source: { kind: 'file', path: join(home(), 'cat.txt') },
          backends: backendsIn(home()),
          out: join(home(), `alone-${trial.trial}`),
        },
        () => undefined,
      );
      await alone.train();
      const run = join(runsFolder(home()), trial.run ?? '');
      for (const file of ['model/weights.bin', 'checkpoints/step-4/tensors.bin'])
        assert.deepEqual(await readFile(join(run, file)), await readFile(join(alone.folder, file)));
    }
  });

  it(`goes on after a kill at each of ${MOMENTS} seeded moments as if nothing had happened`, async () => {
    const request = newSweep(halving, await text());
    const undisturbed = await run(home(), await reopened(home(), request));
    const expected = await leftBy(home(), undisturbed.folder);
    const counted = new FaultyFiles();
    const other = join(home(), 'counted');
    await run(other, await createSweep(other, request, NOW, counted), { files: counted });
    const operations = counted.operations.length;
    const random = Generator.forPurpose(1, 'kills');
    let killed = 0;
    for (let moment = 0; moment < MOMENTS; moment++) {
      const place = join(home(), `moment-${moment}`);
      const files = new FaultyFiles(random.nextBelow(operations), 'stops');
      const dies = async () => run(place, await createSweep(place, request, NOW, files), { files });
      const died = await dies().then(
        () => false,
        () => true,
      );
      if (files.reached) killed++;
      const planned = await lastSweepOf(place, request.file ?? '', new FaultyFiles());
      const before = planned === undefined ? undefined : await readPlan(planned);
      const finished = before?.trials.filter(({ status }) => status === 'ended') ?? [];
      const open = await reopened(place, request);
      const { end, trained, folder } = await run(place, open);
      const after = await readPlan(folder);
      const failures = after?.trials.flatMap(({ results }) => results.flatMap(({ message }) => message ?? []));
      assert.deepEqual(failures, [], `moment ${moment}`);
      assert.equal(end, 'done', `moment ${moment}, which ${died ? 'ended' : 'did not end'} the process`);
      for (const { trial, rung } of finished)
        if (after?.trial(trial)?.rung === rung) assert.ok(!trained.includes(trial), `trial ${trial} ran again`);
      assert.deepEqual(await leftBy(place, folder), expected, `moment ${moment}`);
      await rm(place, { recursive: true });
    }
    assert.ok(killed > 0.9 * MOMENTS, `${killed} kills`);
  });

  it('stops with checkpoints, and goes on from them', async () => {
    const open = await started();
    const controller = new AbortController();
    const files = new FaultyFiles();
    const trainer = new SessionTrainer(home(), files);
    const stopping: TrialTrainer = {
      async train(job, signal) {
        if (trainer.trained.length === 1) controller.abort();
        await trainer.train(job, signal);
      },
    };
    const end = await runSweep({
      open,
      trainer: stopping,
      workers: 1,
      runs: runsFolder(home()),
      files,
      signal: controller.signal,
    });
    await open.close();
    assert.equal(end, 'stopped');
    const state = await readPlan(open.folder);
    assert.deepEqual(
      state?.trials.map(({ status }) => status),
      ['ended', 'running', 'waiting', 'waiting'],
    );
    const again = await run(home(), await openSweep(open.folder, new FaultyFiles()), { workers: 1 });
    assert.deepEqual([again.end, again.trained], ['done', [2, 3, 4]]);
  });

  it('notes a trial that fails, goes on with the others, and tries it again on request', async () => {
    const open = await started();
    const files = new FaultyFiles();
    const trainer = new SessionTrainer(home(), files);
    const failing: TrialTrainer = {
      async train(job, signal) {
        if (job.trial === 2) throw new Error('made up');
        await trainer.train(job, signal);
        return undefined;
      },
    };
    const options = { open, workers: 2, runs: runsFolder(home()), files, signal: new AbortController().signal };
    assert.equal(await runSweep({ ...options, trainer: failing }), 'done');
    const failed = open.plan.state.trial(2)?.results[0];
    assert.deepEqual([failed?.reason, failed?.objective], ['failed', null]);
    await requeueFailed(open);
    assert.equal(await runSweep({ ...options, trainer }), 'done');
    assert.equal(open.plan.state.trial(2)?.results[0]?.reason, 'completed');
    assert.deepEqual(trainer.trained.toSorted(), [1, 2, 3, 4]);
    await open.close();
  });

  it('notes a trial whose files are damaged, and goes on with the others', async () => {
    const open = await started();
    const files = new FaultyFiles();
    const trainer = new SessionTrainer(home(), files);
    const damaging: TrialTrainer = {
      async train(job, signal) {
        await trainer.train(job, signal);
        if (job.trial === 2) await writeFile(join(job.folder, 'run.json'), '{');
        return undefined;
      },
    };
    const signal = new AbortController().signal;
    assert.equal(
      await runSweep({ open, workers: 2, runs: runsFolder(home()), files, signal, trainer: damaging }),
      'done',
    );
    assert.deepEqual(
      open.plan.state.trials.map(({ status, results }) => [status, results[0]?.reason]),
      open.plan.state.trials.map(({ trial }) => ['ended', trial === 2 ? 'failed' : 'completed']),
    );
    await open.close();
  });

  it('looks again at a trial that something else trains meanwhile', async () => {
    const open = await started();
    const files = new FaultyFiles();
    const trainer = new SessionTrainer(home(), files);
    const looks = new Map<number, number>();
    const elsewhere: TrialTrainer = {
      async train(job, signal) {
        looks.set(job.trial, (looks.get(job.trial) ?? 0) + 1);
        if (looks.get(job.trial) === 1) return 'elsewhere';
        await trainer.train(job, signal);
        return undefined;
      },
    };
    const signal = new AbortController().signal;
    assert.equal(
      await runSweep({ open, workers: 2, runs: runsFolder(home()), files, signal, trainer: elsewhere }),
      'done',
    );
    assert.ok(open.plan.state.trials.every(({ results }) => results[0]?.reason === 'completed'));
    assert.deepEqual([...looks.values()], [2, 2, 2, 2]);
    await open.close();
  });

  it('writes nothing to the plan of a sweep that another process has taken over', async () => {
    const open = await started();
    const before = await readFile(join(open.folder, 'plan.jsonl'), 'utf8');
    await writeFile(join(open.folder, 'lock'), NO_PROCESS);
    await assert.rejects(run(home(), open), { name: 'PlanError' });
    assert.equal(await readFile(join(open.folder, 'plan.jsonl'), 'utf8'), before);
  });

  it('notes a trial that diverges, which is not promoted', async () => {
    const fields = { 'training.learningRate': { values: [10, 0.1] } };
    const training = { ...tiny.training, optimizer: 'sgd', momentum: 0.99, clipNorm: 0, steps: 100 } as const;
    const model = { ...tiny.model, cell: 'rnn', activation: 'linear', recurrentGain: 10 } as const;
    const request = newSweep({ fields }, await text(), { ...tiny, training, model });
    const { folder } = await run(home(), await createSweep(home(), request, NOW, new FaultyFiles()));
    const [diverged] = (await readPlan(folder))?.trials ?? [];
    assert.deepEqual([diverged?.results[0]?.reason, diverged?.results[0]?.objective], ['diverged', null]);
  });

  it('admits one process at a time', async () => {
    const open = await started();
    await assert.rejects(openSweep(open.folder, new FaultyFiles()), { name: 'UnusableError' });
    await open.close();
    await (await openSweep(open.folder, new FaultyFiles())).close();
  });
});
