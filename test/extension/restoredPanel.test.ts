import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { closeEditors, openLab, training, untilState } from './support.ts';

describe('a panel after a reload of the window', function () {
  this.timeout(120_000);
  let lab: Lab;
  let older: RunModel;
  let newest: RunModel;

  async function trained(name: string): Promise<RunModel> {
    const { run, ready } = lab.runs.start(await training(name, { steps: 4 }));
    await ready;
    await untilState(run, 'completed');
    return run;
  }

  before(async () => {
    lab = await openLab();
    older = await trained('older.txt');
    newest = await trained('newest.txt');
    await closeEditors();
  });

  afterEach(closeEditors);

  /** Restores a panel as VS Code does, with the state that its page has saved. */
  async function restored(state: unknown): Promise<vscode.WebviewPanel> {
    const panel = vscode.window.createWebviewPanel('sequenceLab.panel', 'Sequence Lab', vscode.ViewColumn.One);
    await lab.panels.restore(panel, state);
    return panel;
  }

  it('shows the run that it has shown', async () => {
    const panel = await restored({ run: older.id });
    assert.equal(lab.panels.of(older)?.panel, panel);
    assert.equal(lab.panels.of(newest), undefined);
  });

  it('shows the newest run that has no panel if its state was not saved in time', async () => {
    const panels = [await restored(undefined), await restored(undefined)];
    assert.deepEqual(
      [newest, older].map((run) => lab.panels.of(run)?.panel),
      panels,
    );
  });
});
