import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { findNode, OLDEST_NODE, otherNode, type NodeSearch } from '../../../src/host/trainerClient/findNode.ts';
import { assertNames } from '../../harness/facts.ts';

/** Shell scripts named `node`. */
const scripts = {
  real: `exec '${process.execPath}' "$@"`,
  'old but honest': `echo '["18.20.4",null]'`,
  electron: `test "$ELECTRON_RUN_AS_NODE" = 1 && echo '["22.20.0","39.2.3"]'`,
  chatty: `echo 'Now using node v22'; exec '${process.execPath}' "$@"`,
  rubbish: `echo 'v22.1.0 or so'`,
  failing: `echo '["22.1.0",null]'; exit 3`,
  hanging: 'exec sleep 60',
};

describe('Node for a trainer', () => {
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
    assertNames(found.missing, 'sequenceLab.nodePath', OLDEST_NODE);
    return found.missing;
  }

  const here = { version: process.versions.node };

  it('is the one in the setting, regardless of the PATH', async () => {
    const { program } = await script('real');
    const { bin } = await script('old but honest');
    assert.deepEqual(await findNode({ nodePath: program, searchPath: bin }), { program, ...here });
  });

  it('is the first executable on the PATH', async () => {
    await mkdir(join(folder, 'a folder', 'node'), { recursive: true });
    const locked = await script('rubbish', 0o644);
    const { bin, program } = await script('real');
    const old = await script('old but honest');
    const searchPath = ['', join(folder, 'a folder'), join(folder, 'nowhere'), locked.bin, bin, old.bin].join(
      delimiter,
    );
    assert.deepEqual(await findNode({ nodePath: '', searchPath }), { program, ...here });
  });

  it('does not depend on where VS Code was started', async () => {
    const { bin, program } = await script('real');
    assertNames(await missing({ nodePath: '', searchPath: relative('.', bin) }), 'PATH');
    assertNames(await missing({ nodePath: relative('.', program) }), `"${relative('.', program)}"`);
  });

  it('may be a version manager that prints other lines first', async () => {
    const { program } = await script('chatty');
    assert.deepEqual(await findNode({ nodePath: program }), { program, ...here });
  });

  it('is reported missing with the setting or the PATH', async () => {
    const nowhere = join(folder, 'nowhere');
    assertNames(await missing({ nodePath: nowhere, searchPath: process.env['PATH'] }), `"${nowhere}"`);
    for (const searchPath of ['', folder]) assertNames(await missing({ nodePath: '', searchPath }), 'PATH');
    assertNames(await missing({ nodePath: folder }), `"${folder}"`);
  });

  for (const [name, ...facts] of [
    ['old but honest', '18.20.4'],
    ['electron', 'Electron'],
    ['rubbish'],
    ['failing'],
  ] as const) {
    it(`is rejected with its path and a reason: ${name}`, async () => {
      const { program, bin } = await script(name);
      for (const search of [{ nodePath: program }, { nodePath: '', searchPath: bin }]) {
        assertNames(await missing(search), `"${program}"`, ...facts);
      }
    });
  }

  it('is rejected if it does not answer', async () => {
    const { program } = await script('hanging');
    assertNames(await missing({ nodePath: program, timeout: 200 }), 0.2);
  });

  it('has at least the version that the package requires', () => {
    assert.equal(packageJson.engines.node, `>=${OLDEST_NODE}`);
  });

  it('is required for WebGPU in Electron, or if a setting names one and WebGPU may be chosen', () => {
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
