import assert from 'node:assert/strict';
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../../scripts/lib/paths.ts';
import { exportPortable } from '../../../../src/worker/portable/exportPortable.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { request, train } from '../fixture.ts';

describe('a model that is exported for another program', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  for (const linked of ['README.md', 'config.json'])
    it(`replaces a link, and not the file that it leads to: ${linked}`, async function () {
      if (process.platform === 'win32') this.skip();
      const { folder } = await train(request(home(), { training: { steps: 1 }, probes: { every: 0 } }));
      const [out, outside] = [join(home(), 'out'), join(home(), 'outside')];
      await mkdir(out);
      const config = JSON.stringify({ version: 1, task: 'language-model', files: ['README.md'] });
      await writeFile(outside, linked === 'config.json' ? config : 'mine');
      const before = await readFile(outside, 'utf8');
      if (linked !== 'config.json') await writeFile(join(out, 'config.json'), config);
      await symlink(outside, join(out, linked));
      const { backends } = request(home());
      const names = await exportPortable({
        folder,
        format: 'safetensors',
        out,
        programs: join(root, 'media'),
        replace: true,
        backends,
      });
      assert.equal(await readFile(outside, 'utf8'), before);
      assert.deepEqual((await readdir(out)).sort(), [...names].sort());
      for (const name of names) assert.ok((await lstat(join(out, name))).isFile(), name);
    });
});
