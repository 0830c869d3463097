import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { copyFolder, withoutCopyFolder } from '../../../src/config/copiedPath.ts';
import { noticesOf, readSeries } from '../../../src/data/numeric/readSeries.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { temporaryFolder } from '../runs/temporary.ts';

describe('paths of copies', () => {
  const home = temporaryFolder();

  it('are shown as the name of the original, and other paths as they are', () => {
    const name = fc.stringMatching(/^[a-z0-9. -]{1,20}$/);
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9a-f]{64}$/),
        fc.array(name, { minLength: 1, maxLength: 3 }),
        (hash, names) => {
          const path = names.join('/');
          assert.equal(withoutCopyFolder(`${copyFolder('/store', hash)}/${path}`), path);
          assert.equal(withoutCopyFolder(`/store/data/${path}`), `/store/data/${path}`);
          assert.equal(withoutCopyFolder(copyFolder('/store', hash)), copyFolder('/store', hash));
        },
      ),
    );
    assert.equal(withoutCopyFolder('C:\\Users\\me\\data\\0123456789abcdef\\reviews.csv'), 'reviews.csv');
  });

  it('are not in the notices of a run', async () => {
    const folder = copyFolder(home(), 'a'.repeat(64));
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'weather.csv');
    await writeFile(path, `day,place,degrees\n${'monday,Rome,20\n'.repeat(40)}tuesday,Rome,\n`);
    const notices = noticesOf(await readSeries({ kind: 'file', path })).map(say);
    assert.ok(
      notices.some((notice) => notice.includes('"weather.csv"')),
      notices.join(' '),
    );
    assert.ok(notices.every((notice) => !notice.includes(folder)));
  });
});
