import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { disk } from '../../src/platform/files.ts';
import { PlanFile } from '../../src/sweeps/plan/planFile.ts';
import { sweepsFolder } from '../../src/sweeps/sweepStore.ts';
import { fixtureText, openLab, small, until, untilState, writeText } from './support.ts';

/** Steps of a trial that a test stops before its end. */
const LONG = 100_000;

describe('sweeps in the editor', function () {
  this.timeout(400_000);
  let lab: Lab;

  const command = async (name: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<string>(`sequenceLab.${name}`, ...args);
  const folderOf = (id: string) => join(sweepsFolder(dirname(lab.runs.folder)), id);
  const planOf = async (id: string) => (await PlanFile.open(folderOf(id), disk)).state;
  const trialsOf = (id: string) => lab.runs.runs.filter(({ sweep }) => sweep?.id === id);
  const weights = async (folder: string) => readFile(join(folder, 'model', 'weights.bin'));

  /** Writes a sweep of two learning rates and two sizes on a small text. */
  async function sweepFile(steps: number): Promise<vscode.Uri> {
    const text = await writeText('sweep.txt', fixtureText);
    const path = join(dirname(text), 'rates.sequence-lab-sweep.json');
    const base = { ...small, data: { ...small.data, train: 'sweep.txt' }, training: { ...small.training, steps } };
    const fields = { 'training.learningRate': { values: [0.02, 0.002] }, 'model.units': { values: [8, 12] } };
    await writeFile(path, JSON.stringify({ base, fields }));
    return vscode.Uri.file(path);
  }

  before(async () => {
    lab = await openLab();
  });

  afterEach(async () => {
    for (const id of lab.sweeps.running) await lab.sweeps.stop(id);
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('trains each trial once, as a run with its place in the sweep, equal to the same run alone', async () => {
    const id = await command('startSweep', await sweepFile(6));
    await until('the sweep has ended', () => !lab.sweeps.running.includes(id));
    const { trials } = await planOf(id);
    assert.deepEqual(
      trials.map(({ status, results }) => [status, results.map(({ reason, step }) => [reason, step])]),
      trials.map(() => ['ended', [['completed', 6]]]),
    );
    const runs = trialsOf(id);
    assert.deepEqual(runs.map(({ sweep }) => sweep?.trial).sort(), [1, 2, 3, 4]);
    const [first] = runs;
    assert.ok(first?.sourcePath);
    const { run: alone, ready } = lab.runs.start({
      config: first.config,
      name: 'sweep.txt',
      source: { kind: 'file', path: first.sourcePath },
    });
    await ready;
    await untilState(alone, 'completed');
    assert.deepEqual(await weights(first.folder), await weights(alone.folder));
  });

  it('stops with checkpoints, and goes on with the same runs', async () => {
    const id = await command('startSweep', await sweepFile(LONG));
    await until('a trial trains', () => trialsOf(id).some(({ step }) => step > 0));
    await command('stopSweep');
    assert.deepEqual([lab.sweeps.running, lab.runs.live], [[], []]);
    const stopped = await planOf(id);
    assert.ok(stopped.trials.every(({ status }) => status !== 'ended'));
    const begun = trialsOf(id);
    assert.ok(begun.length > 0);
    const steps = new Map(begun.map((run) => [run.id, run.step]));

    await lab.sweeps.resume(folderOf(id));
    for (const [run, step] of steps) await until(`${run} goes on`, () => (lab.runs.run(run)?.step ?? 0) > step);
    await command('stopSweep');
    const now = trialsOf(id);
    assert.ok(begun.every((run) => now.includes(run)));
    assert.equal(new Set(now.map(({ sweep }) => sweep?.trial)).size, now.length, 'a trial has one run');
  });

  it('refuses a file that cannot be used, and leaves nothing behind', async () => {
    const path = await writeText('wrong.sequence-lab-sweep.json', '{ "fields": { "model.size": { "values": [1] } } }');
    const before = await disk.list(sweepsFolder(dirname(lab.runs.folder)));
    assert.equal(await command('startSweep', vscode.Uri.file(path)), undefined);
    assert.deepEqual(await disk.list(sweepsFolder(dirname(lab.runs.folder))), before);
    assert.deepEqual(lab.sweeps.running, []);
  });
});
