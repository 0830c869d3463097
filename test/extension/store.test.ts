import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { openLab, runFolders, training, until, untilState } from './support.ts';
import { assertNames } from '../harness/facts.ts';

describe('run store', function () {
  this.timeout(120_000);
  let lab: Lab;
  let run: RunModel;

  before(async () => {
    lab = await openLab();
    const started = lab.runs.start(await training('stored.txt', { steps: 20 }));
    run = started.run;
    await started.ready;
    await untilState(run, 'completed');
  });

  it('updates the tree when runs on disk are added, changed or removed', async () => {
    const folder = join(lab.runs.folder, 'from-elsewhere');
    const copied = () => lab.runs.run('from-elsewhere');
    await cp(run.folder, folder, { recursive: true });
    await until('the new run is listed', () => copied() !== undefined);
    await lab.runs.loadMetrics('from-elsewhere');
    assert.equal(copied()?.curves.series.trainLoss.length, 20);

    const record = await readFile(join(folder, 'run.json'), 'utf8');
    await writeFile(join(folder, 'run.json'), record.replace('"completed"', '"running"'));
    await until('it counts as interrupted', () => copied()?.state === 'interrupted');

    await rm(folder, { recursive: true });
    await until('it is gone', () => copied() === undefined);
  });

  it('shows unreadable runs with the reason', async () => {
    const folder = join(lab.runs.folder, 'damaged');
    await mkdir(folder);
    await writeFile(join(folder, 'run.json'), '{');
    await lab.runs.refresh();
    const found = lab.runs.unreadable.find((each) => each.folder === folder);
    assertNames(found?.reason, 'run.json');
    const items = (await lab.tree.getChildren()).map((node) => lab.tree.getTreeItem(node));
    assert.equal(items.find(({ id }) => id === folder)?.contextValue, 'unreadable');
    await rm(folder, { recursive: true });
    await lab.runs.refresh();
  });

  it('shows the name, step, loss and actions of each run in the tree', async () => {
    const item = lab.tree.getTreeItem(run);
    assertNames(typeof item.label === 'string' ? item.label : item.label?.label, 'LSTM', 'stored.txt');
    assertNames(String(item.description), 20);
    assert.match(String(item.description), /\d\.\d\d nats$/);
    assert.match(item.contextValue ?? '', /\bresume\b.*\bdelete\b/);
    assert.ok(item.tooltip instanceof vscode.MarkdownString && item.tooltip.isTrusted !== true);
  });

  it('does not delete a training run', async () => {
    const started = lab.runs.start(await training('busy.txt', { steps: 100_000 }));
    await started.ready;
    await assert.rejects(lab.runs.trash(started.run.id), { name: 'RunLockedError' });
    const live = lab.runs.liveRun(started.run.id);
    await live?.stop();
    await live?.over;
    await lab.runs.trash(started.run.id);
    assert.equal(lab.runs.run(started.run.id), undefined);
    assert.ok(!(await runFolders(lab)).includes(started.run.id));
  });
});
