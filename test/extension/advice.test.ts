import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { readRecord } from '../../src/runs/record.ts';
import { openLab, runFolders, training, until, untilState } from './support.ts';

describe('advice', function () {
  this.timeout(120_000);
  let lab: Lab;
  let run: RunModel;

  before(async () => {
    lab = await openLab();
    const started = lab.runs.start(await training('advised.txt', { steps: 4 }));
    run = started.run;
    await started.ready;
    await untilState(run, 'completed');
  });

  const tryAdvice = async (changes: object): Promise<RunModel | undefined> => {
    const id = await vscode.commands.executeCommand<string | undefined>('sequenceLab.tryAdvice', run, changes);
    return id === undefined ? undefined : lab.runs.run(id);
  };

  it('starts a run on the same file with one change, in a separate panel', async () => {
    const next = await tryAdvice({ 'model.forgetBias': 3 });
    assert.ok(next);
    await untilState(next, 'completed');
    assert.deepEqual(next.config, { ...run.config, model: { ...run.config.model, forgetBias: 3 } });
    const [before, after] = [await readRecord(run.folder), await readRecord(next.folder)];
    assert.deepEqual([after.source?.path, after.source?.sha256], [before.source?.path, before.source?.sha256]);
    assert.deepEqual(after.parent, { run: run.id, reason: 'advice', changes: { 'model.forgetBias': 3 } });
    assert.ok(lab.panels.of(next));
    await until('its panel is in front', () => lab.panels.frontRun === next);
  });

  it('is stored as the parent of a run that is trained again', async () => {
    const running = vscode.commands.executeCommand<string | undefined>('sequenceLab.trainAgain', run);
    await until('the form is open', () => lab.forms.open.length === 1);
    const [form] = lab.forms.open;
    assert.ok(form);
    await assert.rejects(form.train({ ...run.config, data: { ...run.config.data, train: '/no/file' } }));
    assert.equal(lab.forms.open.length, 1, 'stays open after an error');
    await form.train({ ...run.config, seed: 7 });
    const next = lab.runs.run((await running) ?? '');
    assert.ok(next);
    await untilState(next, 'completed');
    assert.deepEqual((await readRecord(next.folder)).parent, { run: run.id, reason: 'again', changes: { seed: 7 } });
    assert.equal(lab.forms.open.length, 0);
  });

  it('is repeated by "Run again", which compares each step', async () => {
    const id = await vscode.commands.executeCommand<string | undefined>('sequenceLab.runAgain', run);
    const repeated = lab.runs.run(id ?? '');
    assert.ok(repeated);
    await untilState(repeated, 'completed');
    const { parent, repetition } = await readRecord(repeated.folder);
    assert.deepEqual(parent, { run: run.id, reason: 'repeat', changes: {} });
    assert.deepEqual(repetition, { run: run.id, steps: 4, compared: 4, difference: null, largest: null });
  });

  it('trains on the copy of the text if the file is missing', async () => {
    assert.ok(run.sourcePath);
    const text = await vscode.workspace.fs.readFile(vscode.Uri.file(run.sourcePath));
    await rm(run.sourcePath);
    const next = await tryAdvice({ 'training.clipNorm': 0.5 });
    await writeFile(run.sourcePath, text);
    assert.ok(next);
    await untilState(next, 'completed');
    const [before, after] = [await readRecord(run.folder), await readRecord(next.folder)];
    assert.equal(after.source?.sha256, before.source?.sha256);
    assert.equal(after.name, 'advised.txt');
  });

  it('is rejected if the changed configuration is invalid, and leaves no files behind', async () => {
    const before = await runFolders(lab);
    assert.equal(await tryAdvice({ 'training.clipNorm': -1 }), undefined);
    assert.deepEqual(await runFolders(lab), before);
  });
});
