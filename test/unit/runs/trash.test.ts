import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disk, exists } from '../../../src/platform/files.ts';
import { RunLock, RunLockedError } from '../../../src/runs/lock.ts';
import { emptyTrash, listTrash, restoreRun, trashRun } from '../../../src/runs/trash.ts';
import { FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { errorWith } from '../../harness/facts.ts';
import { exampleRecord, writeExample } from './examples.ts';
import { temporaryFolder } from './temporary.ts';

describe('trash of the run store', () => {
  const home = temporaryFolder();
  const runs = () => join(home(), 'runs');

  async function newRun(id: string, note = 'a note'): Promise<string> {
    const folder = await writeExample(runs(), exampleRecord(id));
    await mkdir(join(folder, 'model'));
    await writeFile(join(folder, 'model', 'weights.bin'), Uint8Array.of(1, 2, 3));
    await writeFile(join(folder, 'note.md'), note);
    return folder;
  }

  async function contentOf(folder: string): Promise<Record<string, string>> {
    const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort();
    return Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path.slice(folder.length), await readFile(path, 'hex')] as const)),
    );
  }

  it('gives a run back with the same bytes', async () => {
    const folder = await newRun('one');
    const before = await contentOf(folder);
    const trashed = await trashRun(folder);
    assert.deepEqual(await readdir(runs()), []);
    assert.deepEqual(await contentOf(trashed.folder), before);
    assert.deepEqual(await listTrash(runs()), [trashed]);
    assert.equal(await restoreRun(trashed, runs()), folder);
    assert.deepEqual(await contentOf(folder), before);
    assert.deepEqual(await listTrash(runs()), []);
  });

  it('keeps runs of one name, the last one first, and restores over none', async () => {
    const first = await trashRun(await newRun('one', 'first'));
    const folder = await newRun('one', 'second');
    await assert.rejects(restoreRun(first, runs()), errorWith({}, 'one', folder));
    const second = await trashRun(folder);
    await trashRun(await newRun('two'));
    const trashed = await listTrash(runs());
    assert.deepEqual(
      trashed.map(({ id }) => id),
      ['two', 'one', 'one'],
    );
    assert.deepEqual(trashed.slice(1), [second, first]);
    await restoreRun(second, runs());
    assert.equal(await readFile(join(folder, 'note.md'), 'utf8'), 'second');
  });

  it('takes no run in training, and no folder that is not a run', async () => {
    const folder = await newRun('one');
    const lock = await RunLock.acquire(folder, disk);
    await assert.rejects(trashRun(folder), RunLockedError);
    await lock.release();
    await mkdir(join(runs(), 'other'));
    await assert.rejects(trashRun(join(runs(), 'other')), errorWith({}, 'other'));
    assert.deepEqual((await readdir(runs())).sort(), ['one', 'other']);
    assert.deepEqual(await listTrash(runs()), []);
  });

  it('is emptied as a whole', async () => {
    for (const id of ['one', 'two']) await trashRun(await newRun(id));
    await newRun('three');
    assert.equal(await emptyTrash(runs()), 2);
    assert.equal(await emptyTrash(runs()), 0);
    assert.ok(!(await exists(join(home(), 'trash'))));
    assert.deepEqual(await readdir(runs()), ['three']);
  });

  it('has the run or leaves it, whichever operation fails', async () => {
    for (let at = 0; ; at++) {
      const folder = await newRun(`run-${at}`);
      const before = await contentOf(folder);
      const files = new FaultyFiles(at);
      const failed = await trashRun(folder, files).then(
        () => false,
        () => true,
      );
      const [trashed] = (await listTrash(runs())).filter(({ id }) => id === `run-${at}`);
      const after = await contentOf(trashed?.folder ?? folder);
      // The lock of a process that died is without effect.
      assert.deepEqual({ ...after, '/lock': undefined }, { ...before, '/lock': undefined });
      assert.equal(await exists(folder), trashed === undefined);
      if (!files.reached) {
        assert.equal(failed, false);
        return;
      }
    }
  });
});
