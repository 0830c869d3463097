import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { isFull } from '../../../src/phrases/causes.ts';
import { PhrasedError } from '../../../src/phrases/phrase.ts';
import { bytesOf, storeSpace } from '../../../src/runs/space.ts';
import { deleteTrashed, listTrash, restoreRun, trashRun } from '../../../src/runs/trash.ts';
import { CODES, FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { exampleRecord, writeExample } from './examples.ts';
import { temporaryFolder } from './temporary.ts';

describe('space that runs use', () => {
  const home = temporaryFolder();

  it('is the sum of the bytes of their files, the largest first, with the trash', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat(5000), { maxLength: 4 }), { maxLength: 5 }), async (sizes) => {
        const runs = join(home(), String(++count), 'runs');
        await mkdir(runs, { recursive: true });
        const expected = new Map<string, number>();
        for (const [run, files] of sizes.entries()) {
          const folder = join(runs, `run-${run}`);
          for (const [file, bytes] of files.entries()) {
            await mkdir(join(folder, `d-${file}`), { recursive: true });
            await writeFile(join(folder, `d-${file}`, 'x'), new Uint8Array(bytes));
          }
          if (files.length > 0)
            expected.set(
              `run-${run}`,
              files.reduce((sum, each) => sum + each, 0),
            );
        }
        const { runs: found, trash } = await storeSpace(runs);
        assert.deepEqual(new Map(found.map(({ id, bytes }) => [id, bytes])), expected);
        assert.deepEqual(
          found.map(({ bytes }) => bytes),
          [...expected.values()].sort((a, b) => b - a),
        );
        assert.deepEqual(trash, []);
      }),
      { numRuns: 30 },
    );
  });

  it('is freed when one run of the trash is deleted, and no other', async () => {
    const runs = join(home(), 'runs');
    assert.deepEqual(await storeSpace(runs), { runs: [], trash: [] });
    const [one, two] = [
      await trashRun(await writeExample(runs, exampleRecord('one'))),
      await trashRun(await writeExample(runs, exampleRecord('two'))),
    ];
    const before = await storeSpace(runs);
    await deleteTrashed(one);
    const after = await storeSpace(runs);
    assert.deepEqual(await listTrash(runs), [two]);
    assert.ok(!existsSync(one.folder) && bytesOf(after.trash) < bytesOf(before.trash));
  });

  it('keeps a run of the trash that took the number of a restored one', async () => {
    const runs = join(home(), 'runs');
    const restored = await trashRun(await writeExample(runs, exampleRecord('one')));
    await restoreRun(restored, runs);
    const later = await trashRun(await writeExample(runs, exampleRecord('two')));
    assert.equal(dirname(later.folder), dirname(restored.folder));
    await deleteTrashed(restored);
    assert.deepEqual(await listTrash(runs), [later]);
  });

  it('is missing when an error, or its cause, has the code of a full disk', async () => {
    for (const code of CODES) {
      const error = await new FaultyFiles(0, 'fails', code)
        .write(join(home(), 'x'), '')
        .catch((reason: unknown) => reason);
      const wrapped = new PhrasedError('not written', { cause: error });
      assert.deepEqual([isFull(error), isFull(wrapped)], [code === 'ENOSPC', code === 'ENOSPC'], code);
    }
    assert.ok(isFull(Object.assign(new Error(), { code: 'EDQUOT' })));
  });
});
