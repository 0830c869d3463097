import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { modelFiles } from '../../src/host/commands/modelFiles.ts';
import type { Lab } from '../../src/host/lab.ts';
import { ModelDrop } from '../../src/host/views/modelDrop.ts';
import { writeSafetensors } from '../../src/interop/safetensors.ts';
import { STATE_DICT } from '../fuzz/importTargets.ts';
import { openLab, openPanels, runAccepting, runFolders, until, withoutEditors } from './support.ts';

const URI_LIST = 'text/uri-list';
const model = writeSafetensors(STATE_DICT);
const vocabulary = Buffer.from(JSON.stringify({ a: 0, b: 1, '<unk>': 2 }));

/** Item of a file without a path, as a browser passes it. */
class DesktopFile extends vscode.DataTransferItem {
  readonly #file: vscode.DataTransferFile;

  constructor(name: string, bytes: Uint8Array) {
    super('');
    this.#file = { name, data: async () => Promise.resolve(bytes) };
  }

  override asFile(): vscode.DataTransferFile {
    return this.#file;
  }
}

function transferOf(items: Readonly<Record<string, vscode.DataTransferItem>>): vscode.DataTransfer {
  const transfer = new vscode.DataTransfer();
  for (const [type, item] of Object.entries(items)) transfer.set(type, item);
  return transfer;
}

function listed(lines: readonly string[]): vscode.DataTransfer {
  return transferOf({ [URI_LIST]: new vscode.DataTransferItem(lines.join('\r\n')) });
}

async function folderWith(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-drop-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/** What a drop opens. @returns the URIs of each call */
async function openedBy(transfer: vscode.DataTransfer): Promise<string[][]> {
  const calls: string[][] = [];
  const drop = new ModelDrop(async (uris) => Promise.resolve(calls.push(uris.map(({ fsPath }) => fsPath))));
  await drop.handleDrop(undefined, transfer);
  return calls;
}

describe('a drop on the view Runs', function () {
  this.timeout(240_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });
  withoutEditors();

  it('passes all files of a list', async () => {
    const [first, second] = ['/models/a b.pt', '/models/ä#1.safetensors'].map((path) => vscode.Uri.file(path));
    assert.ok(first && second);
    const lines = ['# from elsewhere', first.toString(), second.toString(), ''];
    assert.deepEqual(await openedBy(listed(lines)), [[first.fsPath, second.fsPath]]);
  });

  it('of runs, of text or of nothing has no effect', async () => {
    const run = new vscode.DataTransferItem(JSON.stringify({ id: 'sequenceLab.runs', itemHandles: ['0/0:run'] }));
    assert.deepEqual(await openedBy(transferOf({ 'application/vnd.code.tree.sequencelab.runs': run })), []);
    assert.deepEqual(await openedBy(transferOf({ 'text/plain': new vscode.DataTransferItem('model.pt') })), []);
    assert.deepEqual(await openedBy(listed(['', '# nothing', ''])), []);
    assert.deepEqual(await openedBy(transferOf({})), []);
  });

  it('of files without a path copies them into one folder, which is removed', async () => {
    const transfer = transferOf({
      '': new DesktopFile('../w.pt', model),
      'application/json': new DesktopFile('v.json', vocabulary),
    });
    let folder = '';
    const drop = new ModelDrop(async (uris) => {
      folder = dirname(uris[0]?.fsPath ?? '');
      assert.deepEqual(
        uris.map(({ fsPath }) => fsPath),
        [join(folder, 'w.pt'), join(folder, 'v.json')],
      );
      assert.deepEqual(await readFile(join(folder, 'w.pt')), Buffer.from(model));
      throw new Error('an error of the command');
    });
    await assert.rejects(drop.handleDrop(undefined, transfer), /an error of the command/);
    assert.equal(dirname(folder), tmpdir());
    await assert.rejects(readdir(folder), { code: 'ENOENT' });
  });

  it('of several files opens the models among them', async () => {
    const folder = await folderWith({ 'one.safetensors': model, 'two.safetensors': model, 'vocab.json': vocabulary });
    const before = await runFolders(lab);
    const uris = (await readdir(folder)).map((name) => vscode.Uri.file(join(folder, name)));
    await runAccepting('sequenceLab.openModel', uris[0], uris);
    const opened = (await runFolders(lab)).filter((each) => !before.includes(each));
    const names = opened.map((id) => /\w+\.safetensors/.exec(lab.runs.run(id)?.view.label ?? '')?.[0]);
    assert.deepEqual(names.sort(), ['one.safetensors', 'two.safetensors']);
    await until('the panels are open', () => openPanels('one').length === 1 && openPanels('two').length === 1);
    for (const id of opened) await lab.runs.trash(id);
  });

  it('of a folder finds its model', async () => {
    const folder = await folderWith({ 'tiny.safetensors': model, 'vocab.json': vocabulary, 'notes.txt': vocabulary });
    const id = await vscode.commands.executeCommand('sequenceLab.openModel', vscode.Uri.file(folder));
    assert.equal(lab.runs.run(String(id))?.state, 'imported');
    await lab.runs.trash(String(id));
  });

  it('of what is no model is refused by name, and leaves nothing behind', async () => {
    const folder = await folderWith({ 'notes.txt': vocabulary, 'more.csv': vocabulary });
    const [notes, more] = ['notes.txt', 'more.csv'].map((name) => vscode.Uri.file(join(folder, name)));
    assert.ok(notes && more);
    const before = await runFolders(lab);
    await assert.rejects(modelFiles([vscode.Uri.file(folder)]), new RegExp(basename(folder)));
    await assert.rejects(modelFiles([notes, more]), /notes\.txt, more\.csv/);
    await assert.rejects(modelFiles([vscode.Uri.parse('untitled:model.pt')]), /model\.pt/);
    for (const uris of [[vscode.Uri.file(folder)], [notes, more], [notes], [vscode.Uri.file('/missing/model.pt')]])
      assert.equal(await runAccepting('sequenceLab.openModel', uris[0], uris), undefined);
    assert.deepEqual(await runFolders(lab), before);
    assert.deepEqual((await readdir(folder)).sort(), ['more.csv', 'notes.txt']);
  });
});
