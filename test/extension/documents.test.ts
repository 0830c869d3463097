import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { readRecord } from '../../src/runs/record.ts';
import {
  closeEditors,
  fixtureText,
  openLab,
  openPanels,
  runPressingEnter,
  until,
  untilState,
  useSmallSettings,
  writeText,
} from './support.ts';

describe('open document', function () {
  this.timeout(120_000);
  let lab: Lab;
  let restore: () => Promise<void>;

  before(async () => {
    lab = await openLab();
    restore = await useSmallSettings();
    // Otherwise the editor would open in the column of another test's panel.
    await closeEditors();
    // In a browser, VS Code saves by itself after a second.
    await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  });

  after(async () => restore());

  async function train(argument?: vscode.Uri): Promise<RunModel> {
    const id = await runPressingEnter('sequenceLab.trainLstmOnFile', argument);
    const run = lab.runs.run(String(id));
    assert.ok(run, 'the command has started no run');
    await untilState(run, 'completed');
    return run;
  }

  it('is trained on after Enter, in a panel next to the editor', async () => {
    const path = await writeText('plain.txt', fixtureText);
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(path));
    const run = await train();
    assert.equal(run.sourcePath, path);
    assert.equal(run.view.steps, 40);
    const [panel] = openPanels('plain.txt');
    assert.ok(panel && panel.group.viewColumn !== editor.viewColumn);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, path, 'the editor keeps the focus');
  });

  it('is trained on with its unsaved changes, which are stored with the run', async () => {
    const path = await writeText('dirty.txt', fixtureText);
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(path));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'ZEBRA '));
    const run = await train();
    assert.equal(run.view.name, 'dirty.txt');
    assert.equal((await readRecord(run.folder)).source?.snapshot, true);
    assert.equal(await readFile(join(run.folder, 'text.txt'), 'utf8'), `ZEBRA ${fixtureText}`);
    assert.equal(await readFile(path, 'utf8'), fixtureText, 'the file is unchanged');
  });

  it('is trained on even if it was never saved', async () => {
    const document = await vscode.workspace.openTextDocument({ content: fixtureText });
    await vscode.window.showTextDocument(document);
    const run = await train();
    assert.equal(run.sourcePath, null);
    assert.equal(await readFile(join(run.folder, 'text.txt'), 'utf8'), fixtureText);
  });

  it('is replaced by a file selected in the Explorer', async () => {
    const uri = vscode.Uri.file(await writeText('clicked.txt', fixtureText));
    assert.equal((await train(uri)).sourcePath, uri.fsPath);
  });

  it('is trained on in the encoding of the editor', async () => {
    const path = await writeText('latin1.txt', Buffer.from(fixtureText.replaceAll('cat', 'Bär'), 'latin1'));
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path), { encoding: 'iso88591' });
    await vscode.window.showTextDocument(document);
    const run = await train();
    assert.equal((await readRecord(run.folder)).text?.replaced, 0);
    assert.match(await readFile(join(run.folder, 'text.txt'), 'utf8'), /the Bär/);
  });

  it('is continued at the cursor in a single undo step', async () => {
    const before = 'the cat sat';
    const document = await vscode.workspace.openTextDocument({ content: `${before}\nafter\n` });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, before.length, 0, before.length);
    await runPressingEnter('sequenceLab.generateTextAtCursor');
    const text = document.getText();
    assert.ok(text.startsWith(before) && text.endsWith('\nafter\n'), text);
    assert.equal([...text].length, before.length + '\nafter\n'.length + 20);
    await vscode.commands.executeCommand('undo');
    await until('one undo has reverted it', () => document.getText() === `${before}\nafter\n`);
  });

  it('is continued by the one of several texts that the user selects', async () => {
    const before = 'the cat sat';
    const document = await vscode.workspace.openTextDocument({ content: `${before}\nafter\n` });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, before.length, 0, before.length);
    await runPressingEnter('sequenceLab.generateTextsAtCursor');
    const text = document.getText();
    assert.ok(text.startsWith(before) && text.endsWith('\nafter\n'), text);
    assert.equal([...text].length, before.length + '\nafter\n'.length + 20);
  });

  it('is trained on by a run that begins with the weights of another one', async () => {
    const [before] = lab.runs.runs.filter(({ view }) => view.state === 'completed' && view.writes);
    assert.ok(before);
    const path = await writeText('further.txt', fixtureText.replaceAll('cat', 'zébu'));
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    const running = vscode.commands.executeCommand<string | undefined>('sequenceLab.trainFurther', before);
    await until('the form is open', () => lab.forms.open.length === 1);
    await lab.forms.open[0]?.train(before.config);
    const run = lab.runs.run(String(await running));
    assert.ok(run);
    await untilState(run, 'completed');
    const { initial, parent, text } = await readRecord(run.folder);
    assert.deepEqual(
      [initial?.run, initial?.extend, parent?.run, parent?.reason],
      [before.id, true, before.id, 'weights'],
    );
    assert.equal(text?.name, 'further.txt');
  });
});
