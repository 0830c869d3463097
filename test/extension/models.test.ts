import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { writeSafetensors } from '../../src/interop/safetensors.ts';
import { STATE_DICT } from '../fuzz/importTargets.ts';
import { openLab, openPanels, runAccepting, runFolders, until, writeText, withoutEditors } from './support.ts';

describe('models of other programs', function () {
  this.timeout(240_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });
  withoutEditors();

  it('are opened as a run, whose panel is shown', async () => {
    const file = await writeText('tiny.safetensors', writeSafetensors(STATE_DICT));
    await writeFile(join(dirname(file), 'vocab.json'), JSON.stringify({ a: 0, b: 1, '<unk>': 2 }));
    const id = await vscode.commands.executeCommand('sequenceLab.openModel', vscode.Uri.file(file));
    const run = lab.runs.run(String(id));
    assert.equal(run?.state, 'imported');
    assert.equal(run.config.model.embedding, 2);
    await until('its panel is open', () => openPanels('tiny').length === 1);
    await lab.runs.trash(run.id);
  });

  it('leave nothing behind if they are damaged', async () => {
    const file = await writeText('broken.safetensors', new Uint8Array(20));
    const before = await runFolders(lab);
    const opened = await runAccepting('sequenceLab.openModel', vscode.Uri.file(file));
    assert.equal(opened, undefined);
    assert.deepEqual(await runFolders(lab), before);
    assert.deepEqual(await readdir(dirname(file)), ['broken.safetensors']);
  });
});
