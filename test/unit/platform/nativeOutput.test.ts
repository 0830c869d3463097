import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../runs/temporary.ts';

const system = new URL('../../../src/platform/system.ts', import.meta.url).href;

/** Writes to the file number 2 below Node.js, as a native library does. */
const PROGRAM = `
import { spawnSync } from 'node:child_process';
import { withNativeOutputLogged } from '${system}';
const library = (text) => spawnSync('sh', ['-c', 'echo ' + text + ' >&2'], { stdio: ['ignore', 'ignore', 2] });
process.stderr.write('before\\n');
library('heard');
process.stdout.write(String(withNativeOutputLogged(process.argv[1], () => { library('noise'); return 7; })));
try { withNativeOutputLogged(process.argv[1], () => { library('more noise'); throw new Error('no'); }); } catch { library('heard again'); }
process.stderr.write('after\\n');
`;

function shell(script: string, ...args: readonly string[]) {
  return spawnSync('sh', ['-c', script, process.execPath, ...args], { encoding: 'utf8' });
}

describe('output of native libraries', () => {
  const home = temporaryFolder();

  it('goes to a log in place of standard error while they are loaded, and only then', function () {
    if (process.platform === 'win32') this.skip();
    const path = join(home(), 'stdout');
    const lab = join(home(), 'lab');
    // Standard error is a pipe; those of spawn are sockets.
    const run = () => shell('"$0" --input-type=module --eval "$1" "$3" 2>&1 >"$2" | cat', PROGRAM, path, lab);
    for (const times of [1, 2]) {
      assert.equal(run().stdout, 'before\nheard\nheard again\nafter\n');
      assert.equal(readFileSync(path, 'utf8'), '7');
      assert.equal(readFileSync(join(lab, 'native.log'), 'utf8'), 'noise\nmore noise\n'.repeat(times));
    }
  });

  it('is left out of standard error if the log cannot be written', function () {
    if (process.platform === 'win32') this.skip();
    for (const folder of ['', '/dev/null/no-folder']) {
      const { stdout } = shell('"$0" --input-type=module --eval "$1" "$2" 2>&1 >/dev/null | cat', PROGRAM, folder);
      assert.equal(stdout, 'before\nheard\nheard again\nafter\n');
    }
  });

  it('is kept in a file that standard output also goes to, from which nothing is lost', function () {
    if (process.platform === 'win32') this.skip();
    const path = join(home(), 'log');
    shell('"$0" --input-type=module --eval "$1" >"$2" 2>&1', PROGRAM, path);
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const line of ['before', 'heard', 'after']) assert.ok(lines.includes(line), line);
    assert.ok(lines.some((line) => line.startsWith('7')));
  });
});
