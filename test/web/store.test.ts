import assert from 'node:assert/strict';
import type { StorageQuota } from '../../src/platform/system.ts';
import type { StorageChange } from '../../src/platform/web/changes.ts';
import { BrowserWorkers, type StartedWorker } from '../harness/browserWorkers.ts';
import { INTERRUPTED, type Interruption } from './interrupt.ts';
import type { StoreCalls, Tree } from './storeCalls.ts';

type Store = StartedWorker<StoreCalls, readonly unknown[]>;

/** More calls of the file system than any operation here. */
const MOST_CALLS = 200;

const RUN: Tree = { 'run.json': 'record', model: { 'weights.bin': 'weights', 'model.json': 'model' } };

describe('the run store of a browser', function () {
  this.timeout(300_000);
  let workers: BrowserWorkers;
  let start: () => Promise<Store>;
  let count = 0;

  before(async () => {
    workers = await BrowserWorkers.open();
    start = await workers.workers('test/web/storeCalls.ts');
  });
  after(async () => {
    await workers?.[Symbol.asyncDispose]();
  });

  /** Calls in a new worker, which is ended then. */
  async function once(...calls: StoreCalls): Promise<readonly unknown[]> {
    const worker = await start();
    const results = await worker.call(calls);
    await worker.end();
    return results;
  }

  /** An empty folder. */
  async function emptyFolder(): Promise<string> {
    const folder = `/test-${count++}`;
    await once(['makeFolder', folder]);
    return folder;
  }

  /** A folder with `RUN` in `from`. */
  async function withRun(): Promise<string> {
    const folder = `/test-${count++}`;
    await once(
      ['makeFolder', `${folder}/from/model`],
      ['write', `${folder}/from/run.json`, 'record'],
      ['write', `${folder}/from/model/weights.bin`, 'weights'],
      ['write', `${folder}/from/model/model.json`, 'model'],
    );
    return folder;
  }

  /** Interrupts an operation at each of its calls of the file system, in new folders. */
  async function atEachCall(
    how: Interruption['how'],
    prepare: () => Promise<string>,
    calls: (folder: string) => StoreCalls,
    then: (folder: string, worker: Store, results: readonly unknown[]) => Promise<void>,
  ): Promise<void> {
    for (let at = 1; at < MOST_CALLS; at++) {
      const folder = await prepare();
      const worker = await start();
      const results = await worker.call([['interrupt', { at, how }], ...calls(folder), ['interrupt', { at: 0, how }]]);
      const isInterrupted = (results as unknown) === INTERRUPTED;
      if (!isInterrupted && how !== 'full') assert.deepEqual(results.filter(isFailure), []);
      if (how !== 'full') await worker.end();
      try {
        await then(folder, worker, isInterrupted ? [] : results.slice(1, -1));
      } catch (error) {
        throw new Error(`interrupted at call ${at}`, { cause: error });
      }
      if (how === 'full') await worker.end();
      if (!isInterrupted && Number(results.at(-1)) < at) return;
    }
    assert.fail('The operation does not end.');
  }

  for (const how of ['before', 'after'] as const) {
    it(`has a run in one place after a worker was ended ${how} any call of a rename`, async () => {
      await atEachCall(
        how,
        withRun,
        (folder) => [['rename', `${folder}/from`, `${folder}/to`]],
        async (folder) => {
          const [tree] = await once(['tree', folder]);
          assert.ok(
            [{ from: RUN }, { to: RUN }].some((each) => isSame(each, tree)),
            JSON.stringify(tree),
          );
        },
      );
    });

    it(`has whole files after a worker of an older browser was ended ${how} any call of a rename`, async () => {
      const prepare = async () => {
        const folder = `/test-${count++}`;
        await once(['makeFolder', folder], ['write', `${folder}/new`, 'later'], ['write', `${folder}/file`, 'earlier']);
        return folder;
      };
      const states = [{ new: 'later', file: 'earlier' }, { file: 'later' }];
      await atEachCall(
        how,
        prepare,
        (folder) => [['withoutMove'], ['rename', `${folder}/new`, `${folder}/file`]],
        async (folder) => {
          const [, tree] = await once(['withoutMove'], ['tree', folder]);
          assert.ok(
            states.some((each) => isSame(each, tree)),
            JSON.stringify(tree),
          );
        },
      );
    });
  }

  it('reads the last checkpoint after a worker was ended at any call of writing the next one', async () => {
    const prepare = async () => {
      const folder = await emptyFolder();
      await once(['writeCheckpoint', folder, 100]);
      return folder;
    };
    await atEachCall(
      'after',
      prepare,
      (folder) => [
        ['acquire', folder],
        ['writeCheckpoint', folder, 101],
      ],
      async (folder) => {
        const [, latest] = await untilFree(folder, ['readCheckpoint', folder]);
        assert.ok(
          [
            [100, 100, 100],
            [101, 101, 101],
          ].some((each) => isSame(each, latest)),
          JSON.stringify(latest),
        );
      },
    );
  });

  it('does not mix a folder with one of its name that a killed rename was moving', async () => {
    await atEachCall(
      'before',
      withRun,
      (folder) => [['rename', `${folder}/from`, `${folder}/to`]],
      async (folder) => {
        const results = await once(
          ['makeFolder', `${folder}/from`],
          ['write', `${folder}/from/run.json`, 'another'],
          ['tree', folder],
        );
        const another = { ...RUN, 'run.json': 'another' };
        const states = [{ from: another }, { from: { 'run.json': 'another' }, to: RUN }];
        assert.ok(
          states.some((each) => isSame(each, results[2])),
          JSON.stringify(results[2]),
        );
      },
    );
  });

  it('has a run as it was when the store is full at any call of a rename, and the next rename succeeds', async () => {
    let failed = 0;
    await atEachCall(
      'full',
      withRun,
      (folder) => [['rename', `${folder}/from`, `${folder}/to`]],
      async (folder, worker, [result]) => {
        const isWhole = result === null;
        if (!isWhole) failed++;
        const code = isWhole ? undefined : (result as { code: string }).code;
        const [tree, created, renamed, after] = await worker.call([
          ['tree', folder],
          ['createFolder', `${folder}/other`],
          ['rename', `${folder}/${isWhole ? 'to' : 'from'}`, `${folder}/other/run`],
          ['tree', folder],
        ]);
        assert.equal(code, isWhole ? undefined : 'EDQUOT');
        // Removing the note is no part of the rename.
        const states = isWhole ? [{ to: RUN }] : [{ from: RUN }, { to: RUN }];
        assert.ok(
          states.some((each) => isSame(each, tree)),
          JSON.stringify(tree),
        );
        if (!isSame(tree, isWhole ? { to: RUN } : { from: RUN })) return;
        assert.deepEqual([created, renamed, after], [null, null, { other: { run: RUN } }]);
      },
    );
    assert.ok(failed > 0);
  });

  it('appends the lines of two workers to one file', async () => {
    const folder = await emptyFolder();
    const names = ['a', 'b'];
    await Promise.all(names.map(async (name) => once(['appendLines', `${folder}/file`, name, 200])));
    const [text] = await once(['read', `${folder}/file`]);
    const lines = String(text).split('\n').filter(Boolean);
    for (const name of names)
      assert.deepEqual(
        lines.filter((line) => line.startsWith(name)),
        Array.from({ length: 200 }, (_, line) => `${name} ${line}`),
      );
    assert.equal(lines.length, 400);
  });

  it('reads a file whole while another worker replaces it', async () => {
    const folder = await emptyFolder();
    const [path, length] = [`${folder}/file`, 100_000];
    await once(['replaceAgainAndAgain', path, length, 1]);
    const [, [others]] = await Promise.all([
      once(['replaceAgainAndAgain', path, length, 300]),
      once(['readAgainAndAgain', path, length, 600]),
    ]);
    assert.deepEqual(others, []);
  });

  it('uses folders that another worker has removed and created again', async () => {
    const folder = await emptyFolder();
    const worker = await start();
    await worker.call([
      ['makeFolder', `${folder}/a/b/c`],
      ['write', `${folder}/a/b/c/file`, 'old'],
    ]);
    await once(['remove', `${folder}/a`]);
    const results = await worker.call([
      ['read', `${folder}/a/b/c/file`],
      ['makeFolder', `${folder}/a/b/c/d`],
      ['write', `${folder}/a/b/c/file`, 'new'],
    ]);
    assert.equal((results[0] as { code: string }).code, 'ENOENT');
    assert.deepEqual(results.slice(1), [null, null]);
    await once(['remove', `${folder}/a`], ['makeFolder', `${folder}/a/b`], ['write', `${folder}/a/b/other`, 'other']);
    assert.deepEqual(
      await worker.call([
        ['list', `${folder}/a/b`],
        ['read', `${folder}/a/b/other`],
      ]),
      [['other'], 'other'],
    );
    await worker.end();
  });

  it('admits one of several workers to a run, and another one after it was ended', async () => {
    const folder = await emptyFolder();
    let [all, holders]: [readonly Store[], number] = [await Promise.all(Array.from({ length: 4 }, start)), 0];
    while (all.length > 0) {
      const results = await Promise.all(all.map(async (worker) => worker.call([['acquire', folder]])));
      const held = all.filter((_, index) => results[index]?.[0] === null);
      const refused = results.flatMap(([result]) => (result === null ? [] : [(result as { code: string }).code]));
      assert.equal(held.length, 1);
      assert.deepEqual(refused, Array<string>(all.length - 1).fill('run-locked'));
      assert.deepEqual(
        await held[0]?.call([
          ['assertHeld', folder],
          ['isLocked', folder],
        ]),
        [null, true],
      );
      holders++;
      // The second one computes when it is ended.
      if (holders === 2) await held[0]?.call([['computeSoon', 60_000]]);
      await held[0]?.end();
      all = all.filter((worker) => worker !== held[0]);
      for (let isLocked = all.length > 0; isLocked;)
        isLocked = (await all[0]?.call([['isLocked', folder]]))?.[0] === true;
    }
    assert.equal(holders, 4);
  });

  /** Calls in a new worker that has the lock of a run. */
  async function untilFree(folder: string, ...calls: StoreCalls): Promise<readonly unknown[]> {
    for (;;) {
      const worker = await start();
      const results = await worker.call([['acquire', folder], ...calls]);
      await worker.end();
      if (results[0] === null) return results;
      assert.equal((results[0] as { code: string }).code, 'run-locked');
    }
  }

  it('tells the other workers what has changed, and not the one that changed it', async () => {
    const folder = await withRun();
    const [watching, changing] = [await start(), await start()];
    for (const each of [watching, changing]) await each.call([['watchChanges']]);
    const [from, to] = [`${folder}/from`, `${folder}/to`];
    await changing.call([
      ['createFolder', `${folder}/new`],
      ['rename', from, to],
      ['rename', `${to}/run.json`, `${to}/other.json`],
      ['remove', to],
    ]);
    const seen: StorageChange[] = [];
    while (seen.length < 4) seen.push(...(((await watching.call([['takeChanges']]))[0] ?? []) as StorageChange[]));
    assert.deepEqual(seen, [
      { written: [`${folder}/new`], removed: [] },
      { written: [to], removed: [from] },
      { written: [`${to}/other.json`], removed: [`${to}/run.json`] },
      { written: [], removed: [to] },
    ]);
    assert.deepEqual(await changing.call([['takeChanges']]), [[]]);
    for (const each of [watching, changing]) await each.end();
  });

  it('knows how much is stored, and whether the browser keeps it', async () => {
    const folder = await emptyFolder();
    const [before, , after] = (await once(
      ['quota'],
      ['fill', `${folder}/file`, 3_000_000],
      ['quota'],
    )) as StorageQuota[];
    assert.ok(before && after && after.used >= before.used + 3_000_000 && after.used <= after.limit);
    // Nobody has requested it.
    assert.equal(after.isKept, false);
  });

  it('is full where its quota says so, names what to do, and goes on when there is space again', async () => {
    const folder = await emptyFolder();
    await once(['write', `${folder}/kept`, 'kept']);
    await workers.limitStorage(1_000_000);
    try {
      const worker = await start();
      const [failure, kept] = (await worker.call([
        ['fill', `${folder}/large`, 5_000_000],
        ['read', `${folder}/kept`],
      ])) as [{ code: string; message: string }, string];
      assert.equal(failure.code, 'EDQUOT');
      assert.match(failure.message, /"Free space\.\.\."/);
      assert.equal(kept, 'kept');
      await workers.limitStorage();
      const results = await worker.call([
        ['fill', `${folder}/large`, 5_000_000],
        ['size', `${folder}/large`],
      ]);
      assert.deepEqual(results, [null, 5_000_000]);
      await worker.end();
    } finally {
      await workers.limitStorage();
    }
  });
});

function isSame(a: unknown, b: unknown): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}

/** Whether a result is the error of an operation. */
function isFailure(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'message' in result;
}
