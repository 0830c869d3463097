import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { temporaryFolder } from '../runs/temporary.ts';
import { rhyme } from '../worker/fixture.ts';
import { WATCH } from './watchSockets.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

describe('network and files that commands use', function () {
  this.timeout(240_000);
  const home = temporaryFolder();

  async function run(args: readonly string[]): Promise<number | null> {
    const preload = join(home(), 'watch.mjs');
    await writeFile(preload, WATCH);
    const child = spawn(process.execPath, ['--import', pathToFileURL(preload).href, cli, ...args], {
      cwd: join(home()),
      env: {
        ...process.env,
        SEQUENCE_LAB_HOME: join(home(), 'lab'),
        TMPDIR: join(home(), 'temporary'),
        WATCHED_SOCKETS: join(home(), 'sockets.txt'),
        SEQUENCE_LAB_TENSORFLOW_PATH: '/nowhere',
      },
      stdio: 'ignore',
    });
    return new Promise((resolve) => child.once('close', resolve));
  }

  it('open no socket, and write to the run store only', async () => {
    await writeFile(join(home(), 'text.txt'), rhyme);
    const small = ['--set', 'model.units=4', '--set', 'data.sequenceLength=10', '--set', 'training.batchSize=2'];
    const commands = [
      ['train', 'text.txt', ...small, '--steps', '5', '--backend', 'wasm', '--out', join('lab', 'run')],
      ['generate', join('lab', 'run'), '--length', '3'],
      ['classify', '--text', 'A fine day.'],
      ['inspect', 'text.txt'],
      ['runs'],
    ];
    for (const args of commands) assert.equal(await run(args), 0, args.join(' '));
    const noted = (await readFile(join(home(), 'sockets.txt'), 'utf8')).trim().split('\n');
    assert.ok(noted.length >= commands.length);
    assert.deepEqual([...new Set(noted)], ['watching']);
    assert.deepEqual((await readdir(home())).sort(), ['lab', 'sockets.txt', 'text.txt', 'watch.mjs']);
  });
});
