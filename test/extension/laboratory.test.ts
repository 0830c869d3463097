import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import {
  closeEditors,
  openLab,
  runAccepting,
  runChoosingButton,
  runFolders,
  training,
  until,
  untilState,
} from './support.ts';

describe('the laboratory in the extension host', function () {
  this.timeout(240_000);
  let lab: Lab;
  let runs: [RunModel, RunModel];
  let folder: vscode.Uri;

  async function trained(steps: number, text?: string): Promise<RunModel> {
    const start = await training('studied.txt', { steps });
    if (text !== undefined && start.source.kind === 'file')
      await vscode.workspace.fs.writeFile(vscode.Uri.file(start.source.path), new TextEncoder().encode(text));
    const { run, ready } = lab.runs.start(start);
    await ready;
    await untilState(run, 'completed');
    return run;
  }

  before(async () => {
    lab = await openLab();
    runs = [await trained(4), await trained(4, 'the owl flew to the moon.\n'.repeat(300))];
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    folder = workspace.uri;
    await closeEditors();
  });

  afterEach(closeEditors);

  /** Files of the workspace whose names end so. */
  async function files(end: string): Promise<vscode.Uri[]> {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries.flatMap(([name]) => (name.endsWith(end) ? vscode.Uri.joinPath(folder, name) : []));
  }

  /** Deletes the files that a command writes, and returns the content of the one that it has written. */
  async function written(end: string, ...command: [string, ...unknown[]]): Promise<string> {
    for (const file of await files(end)) await vscode.workspace.fs.delete(file);
    await runAccepting(...command);
    const [file, ...others] = await files(end);
    assert.ok(file && others.length === 0, `no file ${end} was written`);
    const content = await readFile(file.fsPath, 'utf8');
    await vscode.workspace.fs.delete(file);
    return content;
  }

  const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const previews = () =>
    tabs().filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('sequenceLab.report'),
    );

  async function writeReport(name: string, ids: readonly string[]): Promise<vscode.Uri> {
    const uri = vscode.Uri.joinPath(folder, `${name}.sequence-lab.md`);
    const text = `# Two runs\n\n\`\`\`sequence-lab\nruns: ${ids.join(', ')}\nplot: loss\n\`\`\`\n`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    return uri;
  }

  it('previews a report once, and exports it with the curves of its runs', async () => {
    const uri = await writeReport(
      'exported',
      runs.map(({ id }) => id),
    );
    await vscode.commands.executeCommand('sequenceLab.previewReport', uri);
    await vscode.commands.executeCommand('sequenceLab.previewReport', uri);
    await until('one preview is open', () => previews().length === 1);
    assert.ok(previews()[0]?.label.includes('exported'));
    const html = await written('exported.html', 'sequenceLab.exportReport', uri);
    for (const { id } of runs) assert.ok(html.includes(id), id);
    assert.ok(html.includes('validationLoss'));
    await vscode.workspace.fs.delete(uri);
  });

  it('shows a preview again after a reload of the window, unless its document is gone or shown already', async () => {
    const uri = await writeReport('kept', [runs[0].id]);
    const restore = async (state: unknown) => {
      const panel = vscode.window.createWebviewPanel('sequenceLab.report', 'Report', vscode.ViewColumn.One);
      let isClosed = false;
      panel.onDidDispose(() => {
        isClosed = true;
      });
      await lab.reports.restore(panel, state);
      return isClosed ? null : panel;
    };
    const kept = await restore({ document: uri.toString(), charts: {} });
    assert.ok(kept !== null && kept.title.includes('kept'));
    assert.ok(kept.webview.html.includes('report'));
    assert.equal(await restore({ document: uri.toString() }), null, 'a second preview of the document');
    kept.dispose();
    await vscode.workspace.fs.delete(uri);
    assert.equal(await restore({ document: vscode.Uri.joinPath(folder, 'gone.sequence-lab.md').toString() }), null);
    assert.equal(await restore(undefined), null);
  });

  it('exports the table of two selected runs, and one run as a page', async () => {
    const [first, second] = runs;
    const csv = await written('.csv', 'sequenceLab.exportRuns', first, [first, second]);
    assert.ok(csv.split('\n').length > 2 && csv.includes(first.id) && csv.includes(second.id));
    const html = await written('.html', 'sequenceLab.exportPage', first);
    assert.ok(html.includes(first.id) && html.includes('Content-Security-Policy'));
  });

  it('opens the data of two runs in a diff editor', async () => {
    const [first, second] = runs;
    const difference = await lab.difference.runDifference([first.id, second.id]);
    assert.equal(difference.data.equal, false);
    await lab.difference.compareData({ runs: [first.id, second.id], role: 'train' });
    await until('a diff editor is open', () => tabs().some(({ input }) => input instanceof vscode.TabInputTextDiff));
  });

  it('restores a damaged model from a checkpoint', async () => {
    const [run] = runs;
    const path = vscode.Uri.file(join(run.folder, 'model', 'weights.bin'));
    const whole = await readFile(path.fsPath);
    await vscode.workspace.fs.writeFile(path, whole.subarray(4));
    await vscode.commands.executeCommand('sequenceLab.restoreModel', run);
    assert.deepEqual(await readFile(path.fsPath), whole);
  });

  it('compares, archives and deletes all runs that are selected in the view', async () => {
    const selected = [await trained(2), await trained(2)];
    const [clicked] = selected;
    await vscode.commands.executeCommand('sequenceLab.compareRuns', clicked, selected);
    await until('a panel is open', () => lab.panels.activeRun !== undefined);
    const listed = async () => (await lab.tree.getChildren()).filter((node) => selected.some((run) => run === node));
    await runChoosingButton('sequenceLab.archiveRuns', clicked, selected);
    assert.equal((await listed()).length, selected.length, 'the archiving was undone');
    assert.ok(selected.every(({ annotations }) => !annotations.archived));
    await runAccepting('sequenceLab.archiveRuns', clicked, selected);
    assert.equal((await listed()).length, 0);
    for (const { id, annotations } of selected) {
      assert.equal(annotations.archived, true);
      await lab.runs.annotate(id, { archived: false });
    }
    assert.equal((await listed()).length, selected.length);
    await runChoosingButton('sequenceLab.deleteRun', clicked, selected);
    const undone = await runFolders(lab);
    for (const { id } of selected) assert.ok(undone.includes(id), id);
    const again = (await lab.tree.getChildren()).filter((node) =>
      selected.some(({ id }) => 'id' in node && node.id === id),
    );
    await runAccepting('sequenceLab.deleteRun', again[0], again);
    const kept = await runFolders(lab);
    for (const { id } of selected) assert.ok(!kept.includes(id), id);
  });
});
