import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { StepEvent } from '../../../src/protocol/events.ts';
import { disk } from '../../../src/platform/files.ts';
import { processStart } from '../../../src/platform/system.ts';
import { recoverFolder, writeFolderAtomic } from '../../../src/runs/atomic.ts';
import { Checkpoints } from '../../../src/runs/checkpoints.ts';
import { labHome } from '../../../src/runs/home.ts';
import { lockHolder, releaseLockOfEndedThread, RunLock, RunLockedError } from '../../../src/runs/lock.ts';
import { catalogRun } from '../../../src/catalog/storedRun.ts';
import { RunModel } from '../../../src/host/runs/runModel.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { MetricsLog, readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord, type RunRecord, writeRecord } from '../../../src/runs/record.ts';
import { recordEnd } from '../../../src/runs/recordEnd.ts';
import { recordedRunView } from '../../../src/runs/runView.ts';
import { createRunFolder, listRuns, newRunId } from '../../../src/runs/runStore.ts';
import { temporaryFolder } from './temporary.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';

const stateSchema = z.object({ note: z.string() });

function record(id: string, createdAt = '2026-01-01T00:00:00.000Z'): RunRecord {
  return {
    version: 1,
    id,
    name: 'text.txt',
    createdAt,
    state: 'running',
    config: parseRunConfig({}),
    source: { path: '/text.txt', sha256: 'ab', snapshot: false, files: [] },
    text: {
      name: 'text.txt',
      characters: 10,
      trainCharacters: 9,
      validationCharacters: 1,
      vocabularySize: 3,
      replaced: 0,
      crlf: 0,
      unknownInValidation: 0,
    },
    facts: [],
    baselines: { uniform: 1, unigram: 1, bigram: 1 },
    backend: { name: 'reference', device: 'CPU, 1 thread', threads: 1, reason: 'test' },
    comparison: null,
    lessonRun: null,
    sweep: null,
    parent: null,
    initial: null,
    versions: {},
    parts: [],
    repetition: null,
    parameters: 1,
    batchSize: 1,
    notices: [],
    steps: 10,
    secondsLimit: 0,
    progress: {
      step: 0,
      seconds: 0,
      trainLoss: null,
      validationLoss: null,
      best: null,
      kept: null,
      learning: null,
    },
    message: null,
  };
}

const step = (at: number): StepEvent => ({
  event: 'step',
  step: at,
  loss: 1 / at,
  gradientNorm: 1,
  clippedGradientNorm: 1,
  learningRate: 0.1,
  itemsPerSecond: 10,
  seconds: at,
});

/** The line of the same step as written by version 0.1.0. */
const stored = (at: number) => ({
  event: 'step',
  step: at,
  loss: 1 / at,
  gradNorm: 1,
  clippedNorm: 1,
  learningRate: 0.1,
  itemsPerSecond: 10,
  seconds: at,
});

describe('run store', () => {
  const folder = temporaryFolder();

  describe('checkpoints', () => {
    const tensors = (value: number) => [
      { name: 'a', shape: [2, 2], values: new Float32Array(4).fill(value) },
      { name: 'b', shape: [], values: Float32Array.of(value) },
    ];
    const open = () => new Checkpoints(folder(), stateSchema, disk);

    it('read back exactly what was written', async () => {
      await open().write({ step: 3, state: { note: 'x' }, tensors: tensors(0.1) }, undefined);
      assert.deepEqual(await open().readLatest(), { step: 3, state: { note: 'x' }, tensors: tensors(0.1) });
    });

    it('are the last three and the best', async () => {
      for (const at of [0, 10, 20, 30, 40, 50])
        await open().write({ step: at, state: { note: '' }, tensors: tensors(at) }, 10);
      assert.deepEqual(await open().steps(), [10, 30, 40, 50]);
    });

    it('ignore and remove what a kill before the rename has left', async () => {
      await open().write({ step: 1, state: { note: 'good' }, tensors: tensors(1) }, undefined);
      await mkdir(join(folder(), 'checkpoints', 'step-2.new'));
      await writeFile(join(folder(), 'checkpoints', 'step-2.new', 'tensors.bin'), 'half');
      assert.equal((await open().readLatest())?.state.note, 'good');
      assert.deepEqual(await readdir(join(folder(), 'checkpoints')), ['step-1']);
    });

    it('restore a checkpoint whose replacement was killed between the two renames', async () => {
      await open().write({ step: 1, state: { note: 'old' }, tensors: tensors(1) }, undefined);
      await rename(join(folder(), 'checkpoints', 'step-1'), join(folder(), 'checkpoints', 'step-1.old'));
      assert.equal((await open().readLatest())?.state.note, 'old');
    });

    it('report a damaged checkpoint', async () => {
      await open().write({ step: 7, state: { note: '' }, tensors: tensors(1) }, undefined);
      await writeFile(join(folder(), 'checkpoints', 'step-7', 'tensors.bin'), 'short');
      await assert.rejects(open().readLatest(), errorWith({ name: 'DamagedRunError' }, 'step-7', 'tensors.bin'));
    });
  });

  describe('process killed at any moment', () => {
    it('leaves a complete checkpoint: the previous one or the new one', async function () {
      this.timeout(180_000);
      const child = new URL('./writeForever.ts', import.meta.url);
      for (let delay = 60; delay < 260; delay += 25) {
        const writer = fork(child, [folder()], { stdio: 'ignore' });
        await new Promise<void>((resolve) => writer.once('message', () => resolve()));
        await new Promise((resolve) => setTimeout(resolve, delay));
        writer.kill('SIGKILL');
        await new Promise((resolve) => writer.once('exit', resolve));
        const latest = await new Checkpoints(folder(), stateSchema, disk).readLatest();
        assert.ok(latest, `nothing after ${delay} ms`);
        assert.ok(latest.tensors.every(({ values }) => values.every((value) => value === latest.step)));
      }
    });
  });

  describe('folder replaced atomically', () => {
    it('has the old or the new content after every possible crash', async () => {
      const target = join(folder(), 'model');
      await writeFolderAtomic(target, { 'a.txt': 'old' }, disk);
      await writeFolderAtomic(target, { 'b.txt': 'new' }, disk);
      assert.deepEqual(await readdir(folder()), ['model']);
      assert.deepEqual(await readdir(target), ['b.txt', 'integrity.json']);
      await rename(target, `${target}.old`);
      await mkdir(`${target}.new`);
      await recoverFolder(target, disk);
      assert.deepEqual(await readdir(folder()), ['model']);
      assert.equal(await readFile(join(target, 'b.txt'), 'utf8'), 'new');
    });
  });

  describe('lock', () => {
    it('rejects a second writer, and names the owner', async () => {
      const lock = await RunLock.acquire(folder(), disk);
      await assert.rejects(
        RunLock.acquire(folder(), disk),
        (error: Error) => error instanceof RunLockedError && error.message.includes(String(process.pid)),
      );
      await lock.release();
      await (await RunLock.acquire(folder(), disk)).release();
    });

    it('of an ended thread can be released, unlike that of another process', async () => {
      await RunLock.acquire(folder(), disk);
      await releaseLockOfEndedThread(folder());
      assert.equal(await lockHolder(folder()), undefined);
      await writeFile(join(folder(), 'lock'), String(process.ppid));
      await releaseLockOfEndedThread(folder());
      assert.equal(await lockHolder(folder()), process.ppid);
    });

    it('of a dead process is taken over', async () => {
      const child = fork(new URL('./exitAtOnce.ts', import.meta.url));
      const pid = child.pid;
      await new Promise((resolve) => child.once('exit', resolve));
      await writeFile(join(folder(), 'lock'), String(pid));
      assert.equal(await lockHolder(folder()), undefined);
      await (await RunLock.acquire(folder(), disk)).release();
    });
  });

  describe('lock of a process whose pid was reused', () => {
    const lockOf = async (pid: number, start: string) => writeFile(join(folder(), 'lock'), `${pid} ${start}`);

    it('is taken over, although a process with that pid exists', async () => {
      await lockOf(process.ppid, 'another-boot-1');
      assert.equal(await lockHolder(folder()), undefined);
      await (await RunLock.acquire(folder(), disk)).release();
    });

    it('is taken over, although it is the own pid', async () => {
      await lockOf(process.pid, 'another-boot-1');
      assert.equal(await lockHolder(folder()), undefined);
      await (await RunLock.acquire(folder(), disk)).release();
      assert.deepEqual(await readdir(folder()), []);
    });

    it('differs from the lock of a running process, which is never taken over', async () => {
      const start = await processStart(process.ppid);
      assert.ok(start !== undefined && start === (await processStart(process.ppid)));
      assert.match(start, /^[A-Za-z0-9-]+$/);
      await lockOf(process.ppid, start);
      await assert.rejects(RunLock.acquire(folder(), disk), { code: 'run-locked' });
      assert.equal(await lockHolder(folder()), process.ppid);
    });
  });

  describe('end of a run whose trainer was killed', () => {
    const end = { state: 'failed', message: 'It was killed.' } as const;

    async function stored(name: string, change: Partial<RunRecord> = {}): Promise<string> {
      const run = join(folder(), name);
      await mkdir(run);
      await writeRecord(run, { ...record(name), ...change }, disk);
      return run;
    }

    it('is recorded, and the lock of the dead process goes', async () => {
      const run = await stored('killed');
      await writeFile(join(run, 'lock'), '999999999 -');
      await recordEnd(run, end);
      const { state, message } = await readRecord(run);
      assert.deepEqual({ state, message }, end);
      assert.deepEqual(await readdir(run), ['run.json']);
    });

    it('is not recorded if the trainer has recorded another one', async () => {
      const run = await stored('ended', { state: 'completed' });
      await recordEnd(run, end);
      assert.equal((await readRecord(run)).state, 'completed');
    });

    it('is not recorded while another process trains the run', async () => {
      const run = await stored('resumed');
      // The parent of this process lives as long as this test.
      await writeFile(join(run, 'lock'), `${process.ppid} ${(await processStart(process.ppid)) ?? '-'}`);
      await recordEnd(run, end);
      assert.equal((await readRecord(run)).state, 'running');
    });

    it('does not bring a deleted run back', async () => {
      await recordEnd(join(folder(), 'deleted'), end);
      assert.ok(!(await readdir(folder())).includes('deleted'));
    });

    it('is told in the same words by every list, without a record too', async () => {
      const run = await stored('listed');
      const listed = { folder: run, record: await readRecord(run), holder: undefined };
      const { state, message } = catalogRun(listed);
      assert.equal(state, 'interrupted');
      const view = recordedRunView(listed);
      assert.deepEqual([view.state, view.message], [state, say(message ?? '')]);
      const model = RunModel.stored(listed);
      assert.deepEqual([model.state, model.view.message], [state, view.message]);
    });
  });

  describe('candidates for the lock', () => {
    it('of dead processes are removed, and block no one', async () => {
      await writeFile(join(folder(), `lock.${process.ppid}.another-boot-1.0a1b2c3d`), '');
      await (await RunLock.acquire(folder(), disk)).release();
      assert.deepEqual(await readdir(folder()), []);
    });

    it('admit at most one of several that take over the lock of a dead process', async () => {
      for (let round = 0; round < 20; round++) {
        await writeFile(join(folder(), 'lock'), `${process.ppid} another-boot-1`);
        const tries = await Promise.allSettled(Array.from({ length: 5 }, async () => RunLock.acquire(folder(), disk)));
        const locks = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
        assert.ok(locks.length <= 1);
        for (const each of tries) if (each.status === 'rejected') assert.ok(each.reason instanceof RunLockedError);
        await Promise.all(locks.map((lock) => lock.release()));
      }
      await (await RunLock.acquire(folder(), disk)).release();
    });
  });

  describe('metrics log', () => {
    it('returns its lines, and continues after a checkpoint without the steps to repeat', async () => {
      const log = await MetricsLog.openAfter(folder(), 0, disk);
      for (let at = 1; at <= 5; at++) log.append(step(at));
      await log.flush();
      const resumed = await MetricsLog.openAfter(folder(), 3, disk);
      resumed.append({ ...step(4), seconds: 99 });
      await resumed.flush();
      const steps = await readMetrics(folder());
      assert.deepEqual(
        steps.map((event) => event.step),
        [1, 2, 3, 4],
      );
      assert.equal(steps[3]?.event === 'step' && steps[3].seconds, 99);
    });

    it('omits a torn last line', async () => {
      const log = await MetricsLog.openAfter(folder(), 0, disk);
      log.append(step(1));
      await log.flush();
      await appendFile(join(folder(), 'metrics.jsonl'), '{"event":"step","st');
      assert.deepEqual(await readMetrics(folder()), [step(1)]);
      await MetricsLog.openAfter(folder(), 1, disk);
      assert.equal(await readFile(join(folder(), 'metrics.jsonl'), 'utf8'), `${JSON.stringify(stored(1))}\n`);
    });

    it('names a damaged line in the middle', async () => {
      await writeFile(
        join(folder(), 'metrics.jsonl'),
        `${JSON.stringify(stored(1))}\nnonsense\n${JSON.stringify(stored(2))}\n`,
      );
      await assert.rejects(readMetrics(folder()), errorWith({ name: 'DamagedRunError' }, 'metrics.jsonl', 2));
    });
  });

  describe('runs', () => {
    it('are listed newest first, with unreadable ones', async () => {
      for (const [id, time] of [
        ['a', '2026-01-01T00:00:00.000Z'],
        ['b', '2026-02-01T00:00:00.000Z'],
      ] as const) {
        await mkdir(join(folder(), id));
        await writeRecord(join(folder(), id), record(id, time), disk);
      }
      await mkdir(join(folder(), 'c'));
      await writeFile(join(folder(), 'c', 'run.json'), '{"version": 2}');
      const { runs, unreadable } = await listRuns(folder());
      assert.deepEqual(
        runs.map((run) => run.record.id),
        ['b', 'a'],
      );
      assertNames(unreadable[0]?.reason, 'run.json', 'version');
    });

    it('keep their record when it is written and read', async () => {
      await writeRecord(folder(), record('x'), disk);
      assert.deepEqual(await readRecord(folder()), record('x'));
      const child: RunRecord = {
        ...record('y'),
        parent: { run: 'x', reason: 'advice', changes: { 'model.forgetBias': 3, 'model.cell': 'gru' } },
      };
      await writeRecord(folder(), child, disk);
      assert.deepEqual(await readRecord(folder()), child);
    });

    it('are read without a parent, which runs of earlier versions do not name', async () => {
      const { parent, ...before } = record('x');
      await writeFile(join(folder(), 'run.json'), JSON.stringify(before));
      assert.deepEqual((await readRecord(folder())).parent, parent);
    });

    it('have stable names on disk', async () => {
      const { secondsLimit, progress, ...rest } = record('x');
      const { validationLoss, ...others } = progress;
      const before = { ...rest, seconds: secondsLimit, progress: { ...others, valLoss: validationLoss } };
      await writeFile(join(folder(), 'run.json'), JSON.stringify(before));
      const read = await readRecord(folder());
      assert.deepEqual(read, record('x'));
      await writeRecord(folder(), read, disk);
      const { sha256, ...written } = JSON.parse(await readFile(join(folder(), 'run.json'), 'utf8')) as RunRecord & {
        sha256: string;
      };
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.deepEqual(written, before);
    });

    it('are never created in an existing folder', async () => {
      await writeFile(join(folder(), 'precious.txt'), 'x');
      await assert.rejects(createRunFolder(folder(), disk), errorWith({ name: 'UnusableError' }, folder()));
    });

    it('are created in a folder with what a killed process has prepared', async () => {
      for (const left of [
        ['lock', 'documents'],
        ['lock.12.34.abcd'],
        ['lock', 'data', 'text.txt.12.tmp', 'run.json.12.tmp'],
      ]) {
        const prepared = join(folder(), left.join('+'));
        await mkdir(prepared);
        for (const name of left) await writeFile(join(prepared, name), '');
        await createRunFolder(prepared, disk);
      }
    });

    it('have names that sort by time and are valid folder names', () => {
      const id = newRunId('/tmp/Ein Märchen: Teil 1?.txt', new Date('2026-11-23T14:15:03Z'));
      assert.match(id, /^20261123-141503-ein-märchen-teil-1-[0-9a-f]{4}$/);
      assert.match(newRunId('???', new Date('2026-11-23T14:15:03Z')), /^20261123-141503-text-[0-9a-f]{4}$/);
    });

    it('are stored in the folder of the setting, then of the environment', () => {
      const before = process.env['SEQUENCE_LAB_HOME'];
      process.env['SEQUENCE_LAB_HOME'] = '/from/environment';
      try {
        assert.equal(labHome('/from/setting'), '/from/setting');
        assert.equal(labHome(), '/from/environment');
      } finally {
        if (before === undefined) delete process.env['SEQUENCE_LAB_HOME'];
        else process.env['SEQUENCE_LAB_HOME'] = before;
      }
    });
  });
});
