import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { OLDEST_NODE } from '../../src/host/trainerClient/findNode.ts';
import { openLab, training, untilState, writeText } from './support.ts';
import { assertNames, names } from '../harness/facts.ts';

/** A script that logs each start to a file, and then runs the current Node. */
async function recordingNode(): Promise<{ node: string; starts: () => Promise<string[]> }> {
  const record = await writeText('starts.txt', '');
  const node = join(record, '..', 'node');
  await writeFile(
    node,
    `#!/bin/sh\necho "$1" >> '${record}'\nELECTRON_RUN_AS_NODE=1 exec '${process.execPath}' "$@"\n`,
    { mode: 0o755 },
  );
  return { node, starts: async () => (await readFile(record, 'utf8')).split('\n').filter(Boolean) };
}

describe('setting nodePath', function () {
  this.timeout(120_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  afterEach(() => setNodePath(undefined));

  async function setNodePath(path: string | undefined): Promise<void> {
    await vscode.workspace.getConfiguration('sequenceLab').update('nodePath', path, vscode.ConfigurationTarget.Global);
  }

  async function trained(backend: 'webgpu' | 'wasm'): Promise<RunModel> {
    const asked = await training('node.txt', { steps: 5 });
    const { run, ready } = lab.runs.start({ ...asked, config: { ...asked.config, backend } });
    await ready;
    await untilState(run, 'completed');
    return run;
  }

  it('selects the program only for runs on WebGPU', async function () {
    // There, the program would be checked and would report that it is Electron.
    if (process.versions['electron'] !== undefined) this.skip();
    const { node, starts } = await recordingNode();
    await setNodePath(node);
    await trained('wasm');
    assert.deepEqual(await starts(), []);
    const run = await trained('webgpu');
    assert.equal(run.curves.series.trainLoss.length, 5);
    const [asked, program, ...others] = await starts();
    assert.equal(asked, '-p');
    assert.match(program ?? '', /trainerProcess\.js$/);
    assert.deepEqual(others, []);
  });

  it('is reported with a fix if it is wrong, and the run trains on another backend', async () => {
    await setNodePath('/nowhere/node');
    const run = await trained('webgpu');
    const notice = run.view.notices.find((each) => names(each, 'webgpu'));
    assertNames(notice, 'sequenceLab.nodePath', '"/nowhere/node"', OLDEST_NODE);
    assert.notEqual(run.view.backend?.name, 'webgpu');
    assert.equal(run.curves.series.trainLoss.length, 5);
  });
});
