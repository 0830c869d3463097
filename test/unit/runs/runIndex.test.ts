import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { disk, type Files } from '../../../src/platform/files.ts';
import { annotate, readAnnotations } from '../../../src/runs/annotations.ts';
import { RunLock } from '../../../src/runs/lock.ts';
import { RunIndex } from '../../../src/runs/runIndex.ts';
import { listRuns } from '../../../src/runs/runStore.ts';
import { restoreRun, listTrash, trashRun } from '../../../src/runs/trash.ts';
import { exampleRecord, quickFiles, writeExample } from './examples.ts';
import { temporaryFolder } from './temporary.ts';

/** Every change is trusted to be told by its time, as if it were old. */
const settled = -Infinity;

describe('index of the run store', () => {
  const home = temporaryFolder();
  const runs = () => join(home(), 'runs');
  const file = () => join(home(), 'index.jsonl');
  const idOf = (number: number) => `run-${number}`;
  const write = async (number: number, loss = 1) => {
    const { progress } = exampleRecord('any');
    const createdAt = new Date(Date.UTC(2026, 0, 1 + number)).toISOString();
    return writeExample(runs(), exampleRecord(idOf(number), { createdAt, progress: { ...progress, trainLoss: loss } }));
  };

  /** Counts the records that are read. */
  function counting(): { readonly files: Files; readonly reads: () => number } {
    let reads = 0;
    const readText: Files['readText'] = async (path) => {
      if (path.endsWith('run.json')) reads++;
      return disk.readText(path);
    };
    return { files: { ...quickFiles, readText }, reads: () => reads };
  }

  /** All runs as they are read without an index. */
  async function truth() {
    const { runs: listed, unreadable } = await listRuns(runs());
    const all = [];
    for (const run of listed) {
      const added = await readAnnotations(run.folder).then(
        (annotations) => ({ annotations, damaged: false }),
        () => ({ annotations: undefined, damaged: true }),
      );
      all.push({ ...run, ...added });
    }
    return { runs: all, unreadable };
  }

  async function listed(index: RunIndex) {
    const { runs: all, unreadable } = await index.list();
    return {
      runs: all.map(({ problem, annotations, ...run }) =>
        problem === undefined
          ? { ...run, annotations, damaged: false }
          : { ...run, annotations: undefined, damaged: true },
      ),
      unreadable,
    };
  }

  it('equals the folders after any changes, in memory and from its file', async () => {
    const change = fc.record({ kind: fc.constantFrom(...Object.keys(changes)), run: fc.nat(3), value: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 8 }), async (rounds) => {
        await rm(runs(), { recursive: true, force: true });
        await rm(join(home(), 'trash'), { recursive: true, force: true });
        const index = new RunIndex(runs(), { files: quickFiles, settled });
        for (const round of rounds) {
          for (const { kind, run, value } of round) await changes[kind]?.(run, value);
          const expected = await truth();
          assert.deepEqual(await listed(index), expected);
          assert.deepEqual(await listed(new RunIndex(runs(), { files: quickFiles, settled })), expected);
        }
      }),
      { numRuns: 25 },
    );
  }).timeout(120_000);

  const changes: Readonly<Record<string, (run: number, value: number) => Promise<unknown>>> = {
    write: async (run, value) => write(run, value),
    remove: async (run) => rm(join(runs(), idOf(run)), { recursive: true, force: true }),
    star: async (run, value) => {
      await write(run);
      return annotate(join(runs(), idOf(run)), { starred: value % 2 === 0 }, quickFiles).catch(() => undefined);
    },
    note: async (run, value) => {
      await write(run);
      await writeFile(join(runs(), idOf(run), 'note.md'), 'x'.repeat(value));
    },
    copy: async (run, value) => {
      await write(run);
      if (run !== value) await cp(join(runs(), idOf(run)), join(runs(), idOf(value)), { recursive: true });
    },
    trash: async (run) => trashRun(await write(run), quickFiles),
    restore: async () => {
      const [last] = await listTrash(runs());
      if (last) await restoreRun(last, runs(), quickFiles).catch(() => undefined);
    },
    damage: async (run) => appendFile(join(await write(run), 'run.json'), '}'),
    damageAnnotations: async (run) => writeFile(join(await write(run), 'annotations.json'), '{'),
    strangeFolder: async (run) => mkdir(join(runs(), `folder-${run}`), { recursive: true }),
    damageIndex: async (_run, value) => {
      const text = await readFile(file(), 'utf8').catch(() => '');
      // A changed number would be valid JSON.
      if (text !== '') await writeFile(file(), text.replace(/"trainLoss":\d/, `"trainLoss":${value + 1}`));
    },
    cutIndex: async (_run, value) => {
      const text = await readFile(file(), 'utf8').catch(() => '');
      if (text !== '') await writeFile(file(), text.slice(0, Math.floor((text.length * value) / 6)));
    },
    removeIndex: async () => rm(file(), { force: true }),
  };

  it('reads only what has changed, and keeps the other objects', async () => {
    for (let number = 0; number < 5; number++) await write(number);
    const { files, reads } = counting();
    const index = new RunIndex(runs(), { files, settled });
    const before = await index.list();
    assert.equal(reads(), 5);
    assert.deepEqual((await index.list()).runs, before.runs);
    await write(2, 9);
    const after = await index.list();
    assert.equal(reads(), 6);
    for (const [place, run] of after.runs.entries()) {
      assert.equal(run === before.runs[place], run.record.id !== idOf(2));
    }
    const other = counting();
    assert.deepEqual(await new RunIndex(runs(), { files: other.files, settled }).list(), after);
    assert.equal(other.reads(), 0, 'another process reads the file only');
  });

  it('is renewed after a store was restored with other times', async () => {
    for (let number = 0; number < 5; number++) await write(number);
    const before = await new RunIndex(runs(), { files: quickFiles, settled }).list();
    for (let number = 0; number < 5; number++)
      await utimes(join(runs(), idOf(number), 'run.json'), new Date(0), new Date(number));
    for (const reads of [5, 0]) {
      const counted = counting();
      assert.deepEqual(await new RunIndex(runs(), { files: counted.files, settled }).list(), before);
      assert.equal(counted.reads(), reads);
    }
  });

  it('reads a run again that was changed a moment ago', async () => {
    await write(0);
    const { files, reads } = counting();
    const index = new RunIndex(runs(), { files, settled: Infinity });
    await index.list();
    await index.list();
    assert.equal(reads(), 2);
  });

  it('sees who trains a run, and that the process has ended', async () => {
    const folder = await write(0);
    const index = new RunIndex(runs(), { files: quickFiles, settled });
    const holder = async () => (await index.list()).runs[0]?.holder;
    assert.equal(await holder(), undefined);
    const lock = await RunLock.acquire(folder, disk);
    assert.equal(await holder(), process.pid);
    assert.equal((await new RunIndex(runs(), { files: quickFiles, settled }).list()).runs[0]?.holder, process.pid);
    await lock.release();
    assert.equal(await holder(), undefined);
    await mkdir(join(runs(), 'prepared'));
    await RunLock.acquire(join(runs(), 'prepared'), disk);
    assert.deepEqual((await index.list()).unreadable, [], 'a run that is being prepared is not shown');
  });

  it('lists a store that cannot be written to, and one that does not exist', async () => {
    assert.deepEqual(await new RunIndex(runs()).list(), { runs: [], unreadable: [] });
    await write(0);
    const refuse = async () => Promise.reject(new Error('read-only'));
    const files = { ...disk, write: refuse, rename: refuse, append: refuse };
    assert.equal((await new RunIndex(runs(), { files, settled }).list()).runs.length, 1);
  });
});
