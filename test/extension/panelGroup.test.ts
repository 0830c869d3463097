import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { openLab, training, until, untilState, writeText } from './support.ts';

describe('the editor group of the panel', function () {
  this.timeout(120_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  const show = async (name: string) => vscode.window.showTextDocument(vscode.Uri.file(await writeText(name, 'a\n')));

  it('is locked, so that a file opens beside the panel that has the focus', async () => {
    await show('left.txt');
    const { run, ready } = lab.runs.start(await training('locked.txt', { steps: 4 }));
    await ready;
    lab.panels.show(run);
    const open = lab.panels.of(run);
    assert.ok(open);
    open.panel.reveal();
    await until('the panel has the focus', () => open.panel.active);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(await writeText('opened.txt', 'b\n')));
    await until(
      'the file is open',
      () => vscode.window.activeTextEditor?.document.uri.path.endsWith('opened.txt') === true,
    );
    assert.ok(open.panel.visible, 'the panel is in view');
    assert.notEqual(vscode.window.activeTextEditor?.viewColumn, open.panel.viewColumn);
    await untilState(run, 'completed');
  });

  it('keeps the defaults of VS Code for other editors', () => {
    const groups = vscode.workspace.getConfiguration('workbench.editor').get<Record<string, boolean>>('autoLockGroups');
    assert.equal(groups?.['mainThreadWebview-sequenceLab.panel'], true);
    assert.ok(Object.keys(groups).length > 1);
  });

  it('opens no panel for a second run while the user chooses', async () => {
    const before = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length;
    assert.ok([...lab.runs.runs].some((run) => lab.panels.of(run)));
    assert.equal(lab.panels.prepare('another.txt'), undefined);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, before);
  });
});
