import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceVersion } from '../../../src/platform/git.ts';
import { temporaryFolder } from '../runs/temporary.ts';

describe('version of a workspace', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
    return execFileSync('git', ['-C', folder(), ...identity, ...args], { encoding: 'utf8' });
  };

  it('is null without a repository, a commit or a folder', async () => {
    assert.equal(await workspaceVersion(join(folder(), 'none')), null);
    assert.equal(await workspaceVersion(folder()), null);
    git('init', '--quiet');
    assert.equal(await workspaceVersion(folder()), null);
  });

  it('is the commit, and whether files differ from it', async () => {
    git('init', '--quiet');
    await writeFile(join(folder(), 'a.txt'), 'a');
    git('add', '.');
    git('commit', '--quiet', '-m', 'Add a');
    const version = await workspaceVersion(folder());
    assert.deepEqual(version?.commit, git('rev-parse', 'HEAD').trim());
    assert.ok(version.dirty === false || version.dirty === null);
    await writeFile(join(folder(), 'a.txt'), 'b');
    assert.notEqual((await workspaceVersion(folder()))?.dirty, false);
  });
});
