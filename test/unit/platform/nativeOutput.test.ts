import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../runs/temporary.ts';

const system = new URL('../../../src/platform/system.ts', import.meta.url).href;

/** Writes to the file number 2 below Node.js, as a native library does. */
const PROGRAM = `
import { spawnSync } from 'node:child_process';
import { withoutNativeOutput } from '${system}';
const library = (text) => spawnSync('sh', ['-c', 'echo ' + text + ' >&2'], { stdio: ['ignore', 'ignore', 2] });
process.stderr.write('before\\n');
library('heard');
process.stdout.write(String(withoutNativeOutput(() => { library('noise'); return 7; })));
try { withoutNativeOutput(() => { library('noise'); throw new Error('no'); }); } catch { library('heard again'); }
process.stderr.write('after\\n');
`;

describe('output of native libraries', () => {
  const home = temporaryFolder();

  it('is left out of standard error while they are loaded, and only then', function () {
    if (process.platform === 'win32') this.skip();
    const path = join(home(), 'stderr');
    const file = openSync(path, 'a');
    const arguments_ = ['--input-type=module', '--eval', PROGRAM];
    const { stdout } = spawnSync(process.execPath, arguments_, { stdio: ['ignore', 'pipe', file], encoding: 'utf8' });
    closeSync(file);
    assert.equal(stdout, '7');
    assert.equal(readFileSync(path, 'utf8'), 'before\nheard\nheard again\nafter\n');
  });
});
