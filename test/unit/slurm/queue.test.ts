import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { phrase } from '../../../src/phrases/phrase.ts';
import { UnusableError } from '../../../src/phrases/causes.ts';
import { disk, makeTemporaryFolder } from '../../../src/platform/files.ts';
import { SlurmClient, SlurmLimitError } from '../../../src/slurm/client.ts';
import type { SlurmOptions } from '../../../src/slurm/options.ts';
import type { ListedTask } from '../../../src/slurm/output.ts';
import { type QueueReport, SlurmQueue } from '../../../src/slurm/queue.ts';
import { ITEMS_FILE, itemsOfTask, journalFile, SCRIPT_FILE, taskCount } from '../../../src/slurm/script.ts';
import { seeds } from '../../harness/seeds.ts';
import { temporaryFolder } from '../runs/temporary.ts';

/** Tries that an item has, as in docs/slurm.md. */
const TRIES = 5;

interface FakeTask {
  readonly folder: string;
  readonly number: number;
  readonly items: readonly string[];
}

/** A cluster without nodes: it takes arrays, and the test says how each task ends. */
class FakeSlurm extends SlurmClient {
  readonly options: SlurmOptions;
  /** What it answers to the next requests; it takes an array without an answer. */
  readonly refusals: (Error | undefined)[] = [];
  /** Most tasks of an array. */
  most = Infinity;
  /** Number of arrays that were requested. */
  requests = 0;
  /** Items of all arrays that it has taken. */
  readonly taken: string[] = [];
  readonly #listed: ListedTask[] = [];
  readonly #tasks: FakeTask[] = [];
  #jobs = 0;

  constructor(options: SlurmOptions = {}) {
    super({});
    this.options = options;
  }

  override async submit(folder: string): Promise<string> {
    this.requests++;
    const items = (await disk.readText(join(folder, ITEMS_FILE))).trim().split('\n');
    const tasks = taskCount(items.length, this.options);
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw refusal;
    if (tasks > this.most) throw new SlurmLimitError(phrase('Too many.'));
    const job = String(++this.#jobs);
    const [, name = ''] = /--job-name=(\S+)/.exec(await readFile(join(folder, SCRIPT_FILE), 'utf8')) ?? [];
    for (let task = 0; task < tasks; task++) {
      this.#listed.push({ name, job, task, state: 'RUNNING', reason: '', code: undefined });
      this.#tasks.push({ folder, number: task, items: itemsOfTask(items, task, this.options) });
    }
    this.taken.push(...items);
    return job;
  }

  /** Ends all tasks in a state, with the lines of the journal that each has. */
  async end(state: string, linesOf: (items: readonly string[]) => readonly string[]): Promise<void> {
    for (const { folder, number, items } of this.#tasks.splice(0)) {
      const lines = linesOf(items).map((line) => `\n${line}\n`);
      await appendFile(join(folder, journalFile(number)), lines.join(''));
    }
    for (const [place, listed] of this.#listed.entries())
      if (listed.state === 'RUNNING') this.#listed[place] = { ...listed, state };
  }

  override async queued(names: readonly string[]): Promise<ListedTask[]> {
    return Promise.resolve(this.#listed.filter(({ name }) => names.includes(name)));
  }

  override async accounted(): Promise<ListedTask[]> {
    return Promise.resolve([]);
  }

  override async largestArray(): Promise<number> {
    return Promise.resolve(1000);
  }
}

describe('the queue of Slurm', () => {
  const home = temporaryFolder();

  const open = async (slurm: FakeSlurm, folder = home()) =>
    SlurmQueue.open({ folder, command: ['true'], options: slurm.options, client: slurm, settling: 0 });

  /** Ends tasks in the same way until the queue is done. @returns what it has dropped, and its number of looks */
  async function follow(
    queue: SlurmQueue,
    slurm: FakeSlurm,
    state: string,
    linesOf: (items: readonly string[]) => readonly string[],
  ) {
    const dropped: QueueReport['dropped'] = [];
    const ended: string[] = [];
    let looks = 0;
    for (let isDone = false; !isDone && looks < 100; looks++) {
      const report = await queue.poll(looks);
      dropped.push(...report.dropped);
      ended.push(...report.ended.map(({ item }) => item));
      ({ isDone } = report);
      await slurm.end(state, linesOf);
    }
    return { dropped: dropped.map(({ item }) => item), ended, looks };
  }

  it('knows all that Slurm has taken, whatever it refused before and whenever it is opened again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ isTaken: fc.boolean(), opens: fc.boolean() })), async (answers) => {
        const folder = await makeTemporaryFolder('sequence-lab-queue-');
        try {
          const slurm = new FakeSlurm();
          const items = answers.map((_, place) => `item-${place}`);
          let queue = await open(slurm, folder);
          for (const [place, { isTaken, opens }] of answers.entries()) {
            if (opens) queue = await open(slurm, folder);
            slurm.refusals.push(isTaken ? undefined : new UnusableError(phrase('No.')));
            queue.add(items.slice(0, place + 1));
            await queue.poll(0).catch((error: unknown) => assert.ok(error instanceof UnusableError));
            slurm.refusals.length = 0;
          }
          queue = await open(slurm, folder);
          queue.add(items);
          const { ended } = await follow(queue, slurm, 'COMPLETED', (all) => all.map((item) => `end ${item} 0`));
          assert.deepEqual(slurm.taken.toSorted(), items.toSorted(), 'each was submitted once');
          assert.deepEqual(ended.toSorted(), items.toSorted());
        } finally {
          await disk.remove(folder);
        }
      }),
      seeds(30),
    );
  });

  it('makes no further request in a look in which Slurm has refused one', async () => {
    const slurm = new FakeSlurm();
    slurm.most = 3;
    const items = Array.from({ length: 40 }, (_, place) => `item-${place}`);
    const queue = await open(slurm);
    queue.add(items);
    let looks = 0;
    for (; slurm.taken.length < items.length && looks < 100; looks++) {
      const [requests, taken] = [slurm.requests, slurm.taken.length];
      const { limit } = await queue.poll(looks);
      if (slurm.taken.length === taken) assert.equal(slurm.requests, requests + 1);
      assert.equal(limit !== undefined, slurm.taken.length < items.length);
    }
    assert.deepEqual(slurm.taken.toSorted(), items.toSorted());
    assert.ok(slurm.requests - looks <= items.length, 'at most one refusal in each look');
  });

  for (const { code, state } of [
    { code: 75, state: 'COMPLETED' },
    { code: 143, state: 'COMPLETED' },
    { code: 143, state: 'TIMEOUT' },
    { code: 137, state: 'NODE_FAIL' },
  ])
    it(`gives up an item that stops with exit code ${code} in each try (${state})`, async () => {
      const slurm = new FakeSlurm();
      const queue = await open(slurm);
      queue.add(['a']);
      const { dropped } = await follow(queue, slurm, state, () => ['start a 1 0 node', `stop a ${code}`]);
      assert.deepEqual(dropped, ['a']);
      assert.equal(slurm.taken.length, TRIES);
    });

  it('goes on with an item that makes progress in each try', async () => {
    const slurm = new FakeSlurm();
    const queue = await open(slurm);
    queue.add(['a']);
    const { ended } = await follow(queue, slurm, 'COMPLETED', () => [
      'start a 1 0 node',
      slurm.taken.length < 4 * TRIES ? 'stop a 130' : 'end a 0',
    ]);
    assert.deepEqual(ended, ['a']);
    assert.equal(slurm.taken.length, 4 * TRIES);
  });

  it('counts the tries in which an item was started, and no others', async () => {
    const slurm = new FakeSlurm({ itemsPerTask: 4 });
    const items = ['a', 'b', 'c', 'd'];
    const starts = new Map<string, number>();
    const queue = await open(slurm);
    queue.add(items);
    const { dropped } = await follow(queue, slurm, 'NODE_FAIL', ([first = '']) => {
      starts.set(first, (starts.get(first) ?? 0) + 1);
      return [`start ${first} 1 0 node`];
    });
    assert.deepEqual(dropped.toSorted(), items);
    assert.deepEqual(
      [...starts].toSorted(),
      items.map((item) => [item, TRIES]),
    );
  });

  it('gives up the items of a task that never starts', async () => {
    const slurm = new FakeSlurm({ itemsPerTask: 2 });
    const queue = await open(slurm);
    queue.add(['a', 'b']);
    const { dropped } = await follow(queue, slurm, 'NODE_FAIL', () => []);
    assert.deepEqual(dropped.toSorted(), ['a', 'b']);
  });
});
