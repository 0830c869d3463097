import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Session } from '../../../../src/worker/session.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { recorder, request } from '../fixture.ts';

describe('a folder of texts with special files', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  it('trains on its files, and neither waits for a pipe nor follows a link', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = join(home(), 'texts');
    for (const [label, word] of [
      ['good', 'fine'],
      ['bad', 'poor'],
    ] as const) {
      await mkdir(join(folder, label), { recursive: true });
      for (let index = 0; index < 8; index++)
        await writeFile(join(folder, label, `${index}.txt`), `a ${word} thing number ${index}`);
    }
    execFileSync('mkfifo', [join(folder, 'good', 'pipe.txt')]);
    await symlink('/dev/zero', join(folder, 'good', 'endless.txt'));
    await symlink('..', join(folder, 'good', 'loop'));
    await symlink('/nowhere', join(folder, 'good', 'dangling.txt'));
    const base = request(home(), { task: { name: 'classification' }, training: { steps: 2 } });
    const session = await Session.start({ ...base, source: { kind: 'file', path: folder } }, recorder().emit);
    assert.equal((await session.train()).reason, 'completed');
  });
});
