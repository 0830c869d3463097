import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { askTrainer } from '../../../src/host/trainerClient/askTrainer.ts';
import { otherNode } from '../../../src/host/trainerClient/findNode.ts';
import type { BackendReport } from '../../../src/protocol/trainer.ts';
import { assertNames } from '../../harness/facts.ts';

const programs = resolve(import.meta.dirname, '../../../dist');

/** The built trainer in a process of another program. */
describe('trainer in another Node', function () {
  this.timeout(180_000);
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-other-node-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function backends(nodePath: string): Promise<BackendReport[]> {
    const options = {
      isolation: 'process',
      programs,
      threads: 1,
      findNode: otherNode('webgpu', nodePath),
      onOutput: () => undefined,
    } as const;
    const ask = { home: folder, tensorflowPath: '/nowhere', wideSimd: true, ownProcess: true };
    return askTrainer(options, {
      ask: async (remote) => remote.listBackends(ask),
      onError: (error) => assert.fail(error),
    });
  }

  it('runs in the program of the setting', async () => {
    const node = join(folder, 'node');
    const used = join(folder, 'used');
    await writeFile(node, `#!/bin/sh\necho "$1" >> '${used}'\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
    const reports = await backends(node);
    assert.equal(reports.find(({ name }) => name === 'wasm')?.loads, true);
    assert.deepEqual((await readFile(used, 'utf8')).trimEnd().split('\n'), ['-p', join(programs, 'trainerProcess.js')]);
  });

  it('runs in the current program if the setting is wrong; only WebGPU does not load, with the reason', async () => {
    const reports = await backends(join(folder, 'nowhere'));
    const { reason = '' } = reports.find(({ name }) => name === 'webgpu') ?? {};
    assertNames(reason ?? '', 'sequenceLab.nodePath', join(folder, 'nowhere'));
    for (const name of ['wasm', 'reference'])
      assert.equal(reports.find((report) => report.name === name)?.loads, true, name);
  });
});
