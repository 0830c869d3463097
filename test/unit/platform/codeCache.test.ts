import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeCacheEnvironment } from '../../../src/platform/codeCache.ts';
import { temporaryFolder } from '../runs/temporary.ts';

const VARIABLE = 'NODE_COMPILE_CACHE';
const module = new URL('../../../src/platform/codeCache.ts', import.meta.url).href;

/** Output of a process that stores the code that it compiles in a folder, and imports a program. */
async function run(folder: string, program: string): Promise<string> {
  const script = `const { storeCompiledCode } = await import(${JSON.stringify(module)});
    storeCompiledCode(${JSON.stringify(folder)});
    await import(${JSON.stringify(program)});`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return stdout.trim();
}

describe('folder of compiled code', () => {
  const folder = temporaryFolder();
  let before: string | undefined;

  beforeEach(() => {
    before = process.env[VARIABLE];
    delete process.env['NODE_COMPILE_CACHE'];
  });

  afterEach(() => {
    if (before !== undefined) process.env[VARIABLE] = before;
  });

  async function program(): Promise<string> {
    const path = join(folder(), 'program.mjs');
    await writeFile(path, `console.log('ran');\n`);
    return path;
  }

  it('contains what a process has compiled', async function () {
    if (!('enableCompileCache' in (await import('node:module')))) this.skip();
    const cache = join(folder(), 'cache');
    assert.equal(await run(cache, await program()), 'ran');
    const files = async () => (await readdir(cache, { recursive: true })).sort();
    const stored = await files();
    assert.ok(stored.length > 0);
    assert.equal(await run(cache, join(folder(), 'program.mjs')), 'ran');
    assert.deepEqual(await files(), stored);
  });

  it('is not needed: a process runs if it cannot be written', async () => {
    const path = join(folder(), 'file');
    await writeFile(path, 'a file, not a folder');
    assert.equal(await run(path, await program()), 'ran');
    assert.equal(await run(join(path, 'cache'), await program()), 'ran');
  });

  it('is not created where its parent folder does not exist', async () => {
    const parent = join(folder(), 'missing');
    assert.equal(await run(join(parent, 'cache'), await program()), 'ran');
    assert.ok(!existsSync(parent));
  });

  it('gives way to that of the user', () => {
    process.env[VARIABLE] = join(folder(), 'other');
    assert.deepEqual(codeCacheEnvironment(join(folder(), 'cache')), {});
    delete process.env['NODE_COMPILE_CACHE'];
    assert.deepEqual(codeCacheEnvironment(join(folder(), 'cache')), { [VARIABLE]: join(folder(), 'cache') });
  });

  it('is emptied once versions of the product have filled it', async () => {
    const cache = join(folder(), 'cache');
    await mkdir(join(cache, 'version'), { recursive: true });
    const fill = async (from: number, to: number) => {
      const names = Array.from({ length: to - from }, (_, index) => String(from + index));
      await Promise.all(names.map((name) => writeFile(join(cache, 'version', name), '')));
    };
    await fill(0, 1000);
    codeCacheEnvironment(cache);
    assert.equal((await readdir(join(cache, 'version'))).length, 1000);
    await fill(1000, 2000);
    assert.deepEqual(codeCacheEnvironment(cache), { [VARIABLE]: cache });
    assert.ok(!existsSync(cache));
  });
});
