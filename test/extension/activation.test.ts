import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension, openLab } from './support.ts';

/** Threads that this extension host has open. */
function threads(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name.includes('Worker'));
}

/**
 * Command lines of the processes that run programs of this extension; other extensions may also start processes.
 */
async function processesOf(extensionPath: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map(async (id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(join(extensionPath, 'dist')));
}

describe('activation', () => {
  it('starts no process and no thread', async () => {
    assert.equal(extension().isActive, false, 'the extension has not been activated yet');
    const before = threads();
    const start = process.cpuUsage();
    await extension().activate();
    const { user, system } = process.cpuUsage(start);
    console.log(`activation took ${((user + system) / 1000).toFixed(1)} ms of processor time`);
    assert.deepEqual(threads(), before);
    // Only Linux shows processes as files.
    if (process.platform === 'linux') assert.deepEqual(await processesOf(extension().extensionPath), []);
  });

  it('does not load TensorFlow.js', async () => {
    const { extensionPath, packageJSON } = extension();
    const { main } = packageJSON as { main: string };
    for (const bundle of [main, 'dist/lab.cjs'])
      assert.doesNotMatch(
        await readFile(join(extensionPath, bundle), 'utf8'),
        /tfjs-core|registerGradient|registerKernel/,
      );
  });

  it('registers and implements every command in package.json', async () => {
    const lab = await openLab();
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const contributed = contributes.commands.map(({ command }) => command).sort();
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((id) => !registered.has(id)),
      [],
    );
    assert.deepEqual(lab.commandIds.sort(), contributed);
  });

  it('contributes the defaults of the schema', async () => {
    const settings = vscode.workspace.getConfiguration('sequenceLab');
    assert.equal(settings.get('training.steps'), 5000);
    assert.equal(settings.get('trainer.isolation'), 'process');
  });
});
