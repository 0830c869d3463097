import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disk } from '../../../src/platform/files.ts';
import { importRunArchive } from '../../../src/runs/archive/importArchive.ts';
import { writeRunArchive } from '../../../src/runs/archive/writeArchive.ts';
import { RunLock } from '../../../src/runs/lock.ts';
import { Session } from '../../../src/worker/session.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, train } from './fixture.ts';

describe('an archive of a run', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  const archive = () => join(home(), 'runs.zip');

  /** Takes a run to another store. @returns its folder there */
  async function moved(folder: string): Promise<string> {
    assert.deepEqual((await writeRunArchive([folder], archive())).refused, []);
    const store = join(home(), 'other', 'runs');
    const { imported, refused } = await importRunArchive(archive(), store);
    assert.deepEqual(refused, []);
    return join(store, imported[0]!.id);
  }

  async function resumed(folder: string, steps: number): Promise<Buffer[]> {
    const session = await Session.resume(
      { folder, changes: { steps }, backends: request(home()).backends },
      () => undefined,
    );
    await session.train();
    return Promise.all(
      [`checkpoints/step-${steps}/tensors.bin`, 'model/weights.bin'].map(async (file) => readFile(join(folder, file))),
    );
  }

  it('resumes in another store with the same weights', async () => {
    const { folder } = await train(request(home(), { training: { steps: 10 } }));
    const copy = await moved(folder);
    assert.deepEqual(await resumed(copy, 20), await resumed(folder, 20));
  });

  it('that is being trained has it up to its last checkpoint, and resumes with the same weights', async () => {
    const { folder } = await train(request(home(), { training: { steps: 10 }, probes: { every: 5 } }));
    const log = join(folder, 'metrics.jsonl');
    const before = await readFile(log, 'utf8');
    const lock = await RunLock.acquire(folder, disk);
    // What a trainer has written since: a step, a part of another one, and a probe.
    await appendFile(
      log,
      `${before
        .trim()
        .split('\n')
        .at(-1)
        ?.replaceAll(/"step":10/g, '"step":11')}\n{"ev`,
    );
    await writeFile(join(folder, 'probes', 'step-12.json'), '{');
    const copy = await moved(folder);
    assert.equal(await readFile(join(copy, 'metrics.jsonl'), 'utf8'), before);
    assert.deepEqual((await readdir(join(copy, 'probes'))).sort(), ['step-0.json', 'step-10.json', 'step-5.json']);
    assert.ok(!(await readdir(copy)).includes('lock'));
    await lock.release();
    assert.deepEqual(await resumed(copy, 20), await resumed(folder, 20));
  });
});
