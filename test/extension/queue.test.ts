import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { WAITING_KEY } from '../../src/host/leftBehind.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import type { StartedRun } from '../../src/host/runs/runManager.ts';
import { QueueMemory } from '../../src/host/views/queueMemory.ts';
import { RunsDragAndDrop } from '../../src/host/views/runsDragAndDrop.ts';
import type { RunNode } from '../../src/host/views/runsTree.ts';
import { readRecord } from '../../src/runs/record.ts';
import { openLab, runFolders, training, until, untilState } from './support.ts';

const LONG = { steps: 100_000 };

/** Storage of a workspace that the test can read. */
class FakeMemento implements vscode.Memento {
  readonly values = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  get<T>(key: string, other?: T): T {
    return (this.values.get(key) ?? other) as T;
  }

  async update(key: string, value: unknown): Promise<void> {
    // What is stored is JSON.
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, JSON.parse(JSON.stringify(value)));
  }
}

const setting = async (name: string, value: unknown) =>
  vscode.workspace.getConfiguration('sequenceLab').update(name, value, vscode.ConfigurationTarget.Global);

/** Number of runs that start at once. */
const MANY = 20;

describe('twenty runs that start at once', function () {
  this.timeout(170_000);
  let lab: Lab;
  let started: readonly StartedRun[] = [];
  /** The runs whose turn has come, in this order. */
  const order: string[] = [];
  const most = { training: 0, trainers: 0 };
  let changes = 0;
  let subscription: vscode.Disposable | undefined;

  const trainers = () => lab.runs.live.filter(({ pid }) => pid !== undefined).length;

  before(async () => {
    lab = await openLab();
    await setting('parallelRuns', 2);
  });

  after(async () => {
    subscription?.dispose();
    await setting('parallelRuns', undefined);
  });

  it('start two trainers, and the others wait', async () => {
    const trainings = await Promise.all(
      Array.from({ length: MANY }, async (_, i) => training(`queued-${i}.txt`, { steps: 4, checkpointEvery: 4 })),
    );
    subscription = lab.runs.onDidChangeRun(({ id, state }) => {
      changes++;
      if (state !== 'waiting' && !order.includes(id)) order.push(id);
      most.training = Math.max(most.training, lab.runs.turns.training.length);
      most.trainers = Math.max(most.trainers, trainers());
    });
    started = trainings.map((each) => lab.runs.start(each));
    // What the starts themselves do is bounded, so that the editor goes on at once.
    assert.deepEqual([trainers(), lab.runs.turns.training.length, lab.runs.turns.waiting.length], [2, 2, MANY - 2]);
    assert.ok(changes <= MANY * MANY, `${changes} changes`);
    for (const { run } of started.slice(2)) assert.equal(run.state, 'waiting');
  });

  for (let count = 4; count <= MANY; count += 4)
    it(`train in their order, two at a time, until ${count} have ended`, async () => {
      for (const { run, ready } of started.slice(count - 4, count)) {
        await ready;
        await untilState(run, 'completed');
        assert.equal((await readRecord(run.folder)).progress.step, 4);
      }
    });

  it('leave nothing in the queue', async () => {
    // A run has its slot until its trainer has exited.
    await until('the last trainers have exited', () => lab.runs.live.length === 0);
    assert.deepEqual(most, { training: 2, trainers: 2 });
    assert.deepEqual([lab.runs.turns.training, lab.runs.turns.waiting], [[], []]);
    // Runs of other tests may change meanwhile, too.
    const ids = started.map(({ run }) => run.id);
    const begun = order.filter((id) => ids.includes(id));
    assert.deepEqual([begun.slice(0, 2).sort(), begun.slice(2)], [ids.slice(0, 2).sort(), ids.slice(2)]);
  });
});

describe('queue of runs', function () {
  this.timeout(400_000);
  let lab: Lab;

  const command = async (name: string, ...args: unknown[]) =>
    vscode.commands.executeCommand(`sequenceLab.${name}`, ...args);
  const waitingIds = () => lab.runs.turns.waiting.map(({ id }) => id);

  before(async () => {
    lab = await openLab();
  });

  afterEach(async () => {
    await lab.runs.turns.continueAll();
    await Promise.all(
      lab.runs.live.map(async (live) => {
        await live.stop();
        await live.over;
      }),
    );
    await setting('parallelRuns', undefined);
    await setting('continueAfterReload', undefined);
  });

  it('pauses all runs, continues them, and changes the order', async () => {
    await setting('parallelRuns', 1);
    const started = [];
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) started.push(lab.runs.start(await training(name, LONG)));
    for (const { ready } of started) ready.catch(() => undefined);
    const [a, b, c, d] = started.map(({ run }) => run);
    assert.ok(a && b && c && d);
    await started[0]?.ready;
    assert.deepEqual(waitingIds(), [b.id, c.id, d.id]);
    await command('trainNext', d.id);
    await command('moveDownInQueue', b.id);
    assert.deepEqual(waitingIds(), [d.id, c.id, b.id]);
    await command('moveUpInQueue', c.id);
    assert.deepEqual(waitingIds(), [c.id, d.id, b.id]);
    // The keys of the view act on its selection.
    lab.tree.select(b);
    await command('moveUpInQueue');
    assert.deepEqual(waitingIds(), [c.id, b.id, d.id]);
    await command('moveDownInQueue');

    const drop = new RunsDragAndDrop<RunNode>({
      openModels: () => assert.fail('no model is dropped'),
      reorder: async (ids, target) => Promise.resolve(lab.runs.turns.moveTo(ids, target)),
    });
    const drag = async (from: readonly RunModel[], to: RunModel | undefined) => {
      const transfer = new vscode.DataTransfer();
      drop.handleDrag(from, transfer);
      await drop.handleDrop(to, transfer);
    };
    const shown = async () => (await lab.tree.getChildren()).slice(0, 3);
    await drag([b], c);
    assert.deepEqual(
      [waitingIds(), await shown()],
      [
        [b.id, c.id, d.id],
        [b, c, d],
      ],
    );
    await drag([b, c], undefined);
    assert.deepEqual(
      [waitingIds(), await shown()],
      [
        [d.id, b.id, c.id],
        [d, b, c],
      ],
    );
    await drag([a], d);
    await drag([c], d);
    await drag([b], a);
    assert.deepEqual(waitingIds(), [c.id, d.id, b.id]);
    await command('removeFromQueue', b.id);
    await until('it is removed', () => lab.runs.run(b.id) === undefined);
    assert.ok(!(await runFolders(lab)).includes(b.id), 'nothing is left of it');

    await command('pauseAllRuns');
    await untilState(a, 'paused');
    assert.deepEqual(waitingIds(), [c.id, d.id], 'no run begins');
    await command('continueAllRuns');
    await untilState(a, 'running');
    assert.deepEqual(waitingIds(), [c.id, d.id]);

    // A paused run gives up its slot, and waits for another one.
    await command('pauseRun', a.id);
    await untilState(c, 'running');
    await command('continueRun', a.id);
    assert.deepEqual([a.state, waitingIds()], ['waiting', [d.id, a.id]], 'after the run that is to train next');
    await command('trainNext', a.id);
    await setting('parallelRuns', 2);
    await untilState(a, 'running');
    await command('stopRun', c.id);
    await untilState(d, 'running');
    assert.equal(lab.runs.liveRun(c.id), undefined);
  });

  it('resumes a run when another one has ended', async () => {
    const short = lab.runs.start(await training('short.txt', { steps: 4 }));
    await short.ready;
    await untilState(short.run, 'completed');
    const long = lab.runs.start(await training('long.txt', LONG));
    await long.ready;
    const resumed = lab.runs.resume(short.run.id, { steps: 8 }, { after: long.run.id });
    await until('it waits', () => short.run.state === 'waiting');
    assert.equal(short.run.view.waits?.run, long.run.view.title);
    await command('stopRun', long.run.id);
    await resumed;
    await untilState(short.run, 'completed');
    assert.equal(short.run.step, 8);
  });

  it('answers a repetition at once, which then waits for its turn', async () => {
    await setting('parallelRuns', 1);
    const short = lab.runs.start(await training('repeated.txt', { steps: 4 }));
    await short.ready;
    await untilState(short.run, 'completed');
    const long = lab.runs.start(await training('long.txt', LONG));
    await long.ready;
    // Would never resolve if the command waited for the turn of the repetition.
    const repetition = await command('runAgain', short.run.id);
    assert.deepEqual([repetition], waitingIds());
    await command('stopRun', long.run.id);
    const repeated = lab.runs.run(String(repetition));
    assert.ok(repeated);
    await untilState(repeated, 'completed');
  });

  it('keeps the waiting runs across a reload of the window', async () => {
    await setting('parallelRuns', 1);
    await setting('continueAfterReload', 'always');
    const memento = new FakeMemento();
    const onError = (error: unknown) => assert.fail(String(error));
    const memory = new QueueMemory(lab.runs, { memento, onError });
    const started = [];
    for (const name of ['trains.txt', 'waits.txt', 'waits-too.txt'])
      started.push(lab.runs.start(await training(name, LONG)));
    for (const { ready } of started) ready.catch(() => undefined);
    await started[0]?.ready;
    await until('they are stored', () => memento.get<unknown[]>(WAITING_KEY, []).length === 2);
    // The window closes: nothing more is stored.
    memory.dispose();
    for (const { run } of started.slice(1)) await command('removeFromQueue', run.id);
    await until('they are gone', () => waitingIds().length === 0);
    const next = new QueueMemory(lab.runs, { memento, onError });
    await until('they wait again', () => waitingIds().length === 2);
    const names = waitingIds().map((id) => lab.runs.run(id)?.view.name);
    assert.deepEqual(names, ['waits.txt', 'waits-too.txt']);
    next.dispose();
  });
});
