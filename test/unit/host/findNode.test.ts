import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { findNode, OLDEST_NODE, otherNode, type NodeSearch } from '../../../src/host/trainerClient/findNode.ts';

/** Programs that are called `node`, as shell scripts. */
const scripts = {
  real: `exec '${process.execPath}' "$@"`,
  'old but honest': `echo '["18.20.4",null]'`,
  electron: `test "$ELECTRON_RUN_AS_NODE" = 1 && echo '["22.20.0","39.2.3"]'`,
  chatty: `echo 'Now using node v22'; exec '${process.execPath}' "$@"`,
  rubbish: `echo 'v22.1.0 or so'`,
  failing: `echo '["22.1.0",null]'; exit 3`,
  hanging: 'exec sleep 60',
};

describe('the Node for a trainer', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-node-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function script(name: keyof typeof scripts, mode = 0o755): Promise<{ bin: string; program: string }> {
    const bin = join(folder, name);
    const program = join(bin, 'node');
    await mkdir(bin);
    await writeFile(program, `#!/bin/sh\n${scripts[name]}\n`, { mode });
    return { bin, program };
  }

  async function missing(search: NodeSearch): Promise<string> {
    const found = await findNode(search);
    assert.ok('missing' in found, `found ${JSON.stringify(found)}`);
    assert.match(found.missing, /set sequenceLab\.nodePath to a Node of version 20 or later/);
    return found.missing;
  }

  const here = { version: process.versions.node };

  it('is the one of the setting, whatever lies on the PATH', async () => {
    const { program } = await script('real');
    const { bin } = await script('old but honest');
    assert.deepEqual(await findNode({ nodePath: program, searchPath: bin }), { program, ...here });
  });

  it('is the first one on the PATH that can be run', async () => {
    await mkdir(join(folder, 'a folder', 'node'), { recursive: true });
    const locked = await script('rubbish', 0o644);
    const { bin, program } = await script('real');
    const old = await script('old but honest');
    const searchPath = ['', join(folder, 'a folder'), join(folder, 'nowhere'), locked.bin, bin, old.bin].join(
      delimiter,
    );
    assert.deepEqual(await findNode({ nodePath: '', searchPath }), { program, ...here });
  });

  it('is none that depends on where VS Code was started', async () => {
    const { bin, program } = await script('real');
    assert.match(await missing({ nodePath: '', searchPath: relative('.', bin) }), /none on the PATH/);
    assert.match(await missing({ nodePath: relative('.', program) }), /not the absolute path of a program/);
  });

  it('may belong to a version manager that has something to say first', async () => {
    const { program } = await script('chatty');
    assert.deepEqual(await findNode({ nodePath: program }), { program, ...here });
  });

  it('is missed where there is none, by the setting or by the PATH', async () => {
    const nowhere = join(folder, 'nowhere');
    assert.match(
      await missing({ nodePath: nowhere, searchPath: process.env['PATH'] }),
      new RegExp(`sequenceLab\\.nodePath is "${nowhere}"`),
    );
    for (const searchPath of ['', folder])
      assert.match(await missing({ nodePath: '', searchPath }), /none on the PATH/);
    assert.match(await missing({ nodePath: folder }), /not the absolute path of a program/);
  });

  for (const [name, says] of [
    ['old but honest', /is Node 18\.20\.4, which is too old/],
    ['electron', /is Electron/],
    ['rubbish', /does not answer as Node does/],
    ['failing', /does not answer as Node does/],
  ] as const) {
    it(`is refused with its path and a reason when it is ${name}`, async () => {
      const { program, bin } = await script(name);
      for (const search of [{ nodePath: program }, { nodePath: '', searchPath: bin }]) {
        const reason = await missing(search);
        assert.match(reason, says);
        assert.ok(reason.includes(`"${program}"`));
      }
    });
  }

  it('is refused when it never answers', async () => {
    const { program } = await script('hanging');
    assert.match(await missing({ nodePath: program, patience: 200 }), /did not say which Node it is within 0\.2 s/);
  });

  it('is as old at most as the package allows', () => {
    assert.equal(packageJson.engines.node, `>=${OLDEST_NODE}`);
  });

  it('is asked for by WebGPU in Electron, and, wherever the setting names one, also where WebGPU may be chosen', () => {
    const { node } = process.versions;
    const hosts = { plain: { ...process.versions, node }, electron: { ...process.versions, node, electron: '39.2.3' } };
    const asked = (['plain', 'electron'] as const).flatMap((host) =>
      ['auto', 'wasm', 'tensorflow', 'webgpu'].flatMap((backend) =>
        ['', '/opt/node'].flatMap((nodePath) =>
          otherNode(backend, nodePath, hosts[host]) ? [[host, backend, nodePath]] : [],
        ),
      ),
    );
    assert.deepEqual(asked, [
      ['plain', 'auto', '/opt/node'],
      ['plain', 'webgpu', '/opt/node'],
      ['electron', 'auto', '/opt/node'],
      ['electron', 'webgpu', ''],
      ['electron', 'webgpu', '/opt/node'],
    ]);
  });
});
