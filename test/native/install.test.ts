import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/run.ts';
import { rhyme } from '../harness/lab.ts';

/** Native TensorFlow installed, used and removed by the built command line, in a home of its own. */
describe('sequence-lab native', () => {
  let home = '';

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
  });

  after(async () => {
    await rm(home, { recursive: true, force: true });
  });

  const sequenceLab = (...words: string[]) => run(process.execPath, [join(root, 'dist', 'cli.js'), ...words], { quiet: true, env: { SEQUENCE_LAB_HOME: home } });

  it('installs from a wheel, says what it found, trains, and is undone', async function () {
    const installed = await sequenceLab('native', 'install', '--from-wheel').catch((error: unknown) => String(error));
    if (/pip could not fetch|npm could not install/.test(installed)) {
      console.log(installed.split('\n', 1)[0]);
      this.skip();
    }
    assert.match(installed, /Native TensorFlow is installed in .*native: TensorFlow [\d.]+ through tfjs-node [\d.]+, on CPU/);

    const status = JSON.parse(await sequenceLab('native', 'status', '--json')) as { folder: string };
    assert.ok(status.folder.startsWith(home), `${status.folder} is not the one that was installed`);

    const text = join(home, 'rhyme.txt');
    await writeFile(text, rhyme);
    const small = ['--set', 'model.units=16', '--set', 'training.batchSize=4'];
    assert.match(await sequenceLab('train', text, '--backend', 'tensorflow', '--steps', '10', ...small), /on tensorflow \(CPU[\s\S]*completed after 10 steps/);

    assert.match(await sequenceLab('native', 'remove'), /is removed/);
    assert.ok(!(await readdir(home)).includes('native'));
  });
});
