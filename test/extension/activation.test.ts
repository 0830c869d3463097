import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension, openLab } from './support.ts';

/** Handles of child processes and threads that this extension host has open. */
function processesAndThreads(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /Process|Worker/.test(name));
}

describe('activation', () => {
  it('starts neither process nor thread', async () => {
    assert.equal(extension().isActive, false, 'nothing has asked for the extension yet');
    const before = processesAndThreads();
    const start = process.cpuUsage();
    await extension().activate();
    const { user, system } = process.cpuUsage(start);
    console.log(`activation took ${((user + system) / 1000).toFixed(1)} ms of processor time`);
    assert.deepEqual(processesAndThreads(), before);
  });

  it('reads no TensorFlow.js', async () => {
    const { extensionPath, packageJSON } = extension();
    const bundle = await readFile(join(extensionPath, String((packageJSON as { main: string }).main)), 'utf8');
    assert.doesNotMatch(bundle, /tfjs-core|registerGradient|registerKernel/);
  });

  it('registers every command that package.json contributes, and each is implemented', async () => {
    const lab = await openLab();
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const contributed = contributes.commands.map(({ command }) => command).sort();
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(contributed.filter((id) => !registered.has(id)), []);
    assert.deepEqual(lab.commandIds.sort(), contributed);
  });

  it('leaves every setting at the default of the schema', async () => {
    const settings = vscode.workspace.getConfiguration('sequenceLab');
    assert.equal(settings.get('training.steps'), 5000);
    assert.equal(settings.get('trainer.isolation'), 'process');
  });
});
