import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { say } from '../../src/phrases/phrase.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { openLab, training, until, untilState } from './support.ts';
import { replaceSealed } from '../fixtures/reseal.ts';
import { assertNames } from '../harness/facts.ts';

const STEPS = 60;

async function weights(run: RunModel): Promise<Buffer> {
  return readFile(join(run.folder, 'checkpoints', `step-${STEPS}`, 'tensors.bin'));
}

async function losses(run: RunModel): Promise<(number | null)[]> {
  return (await readMetrics(run.folder)).flatMap((event) => (event.event === 'step' ? [event.loss] : []));
}

describe('interrupted run', function () {
  this.timeout(240_000);
  let lab: Lab;
  let unbroken: RunModel;

  before(async () => {
    lab = await openLab();
    const { run, ready } = lab.runs.start(await training('unbroken.txt', { steps: STEPS }));
    await ready;
    await untilState(run, 'completed');
    unbroken = run;
  });

  async function startAndReach(step: number): Promise<RunModel> {
    const { run, ready } = lab.runs.start(await training('unbroken.txt', { steps: STEPS }));
    await ready;
    await until(`step ${step}`, () => run.step >= step);
    return run;
  }

  it('fails with the reason, and resumes to exactly the weights of an uninterrupted run', async () => {
    const run = await startAndReach(25);
    const { pid } = lab.runs.liveRun(run.id) ?? {};
    assert.ok(pid !== undefined && pid !== process.pid);
    process.kill(pid, 'SIGKILL');
    await untilState(run, 'failed');
    // The system kills what uses up the memory.
    assertNames(run.view.message ?? '', 'SIGKILL', 'memory');
    await until('its trainer is gone', () => lab.runs.liveRun(run.id) === undefined);
    const { state, message } = await readRecord(run.folder);
    assert.deepEqual([state, say(message ?? '')], ['failed', run.view.message]);
    await lab.runs.refresh();
    assert.deepEqual([run.state, run.view.message], ['failed', say(message ?? '')]);

    await vscode.commands.executeCommand('sequenceLab.resumeRun', run.id);
    await untilState(run, 'completed');
    assert.deepEqual(await weights(run), await weights(unbroken));
    assert.deepEqual(await losses(run), await losses(unbroken));
    assert.deepEqual([...run.curves.series.trainLoss.y], [...unbroken.curves.series.trainLoss.y]);
  });

  it('keeps the reason after a refresh, and can be resumed from there', async () => {
    const run = await startAndReach(25);
    // Like an abort in a native library.
    process.kill(lab.runs.liveRun(run.id)?.pid ?? 0, 'SIGABRT');
    await untilState(run, 'failed');
    await until('its trainer is gone', () => lab.runs.liveRun(run.id) === undefined);
    await lab.runs.refresh();
    assert.equal(run.state, 'failed');
    assertNames(run.view.message ?? '', 'SIGABRT');
    await lab.runs.resume(run.id);
    await untilState(run, 'completed');
    assert.deepEqual(await weights(run), await weights(unbroken));
  });

  it('resumes with isolation "host" after its thread was terminated', async () => {
    const settings = vscode.workspace.getConfiguration('sequenceLab');
    await settings.update('trainer.isolation', 'host', vscode.ConfigurationTarget.Global);
    const run = await startAndReach(25);
    await lab.runs.liveRun(run.id)?.kill('Ended by a test.');
    assert.equal(run.state, 'interrupted');
    await until('its trainer is gone', () => lab.runs.liveRun(run.id) === undefined);
    assert.equal((await readRecord(run.folder)).state, 'interrupted');
    await lab.runs.resume(run.id);
    await untilState(run, 'completed');
    await settings.update('trainer.isolation', undefined, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await weights(run), await weights(unbroken));
  });

  it('resumes on the bundled backend after another one', async () => {
    const run = await startAndReach(25);
    process.kill(lab.runs.liveRun(run.id)?.pid ?? 0, 'SIGABRT');
    await untilState(run, 'failed');
    assert.equal(run.view.backend?.name, 'reference');
    await vscode.commands.executeCommand('sequenceLab.resumeOnBundledBackend', run.id);
    await untilState(run, 'completed');
    assert.equal(run.view.backend.name, 'wasm');
    assert.equal(run.curves.series.trainLoss.length, STEPS);
  });

  it('resumes after a stop, and with changed rates', async () => {
    const run = await startAndReach(5);
    const live = lab.runs.liveRun(run.id);
    await live?.stop();
    await live?.over;
    await untilState(run, 'stopped');
    await vscode.commands.executeCommand('sequenceLab.resumeWithHalfLearningRate', run.id);
    await untilState(run, 'completed');
    assert.equal(run.latest.learningRate, 0.01);
  });

  it('names the step and tensor of a divergence, and offers changed settings', async () => {
    const run = await startAndReach(5);
    const live = lab.runs.liveRun(run.id);
    await live?.stop();
    await live?.over;
    // Weights large enough to overflow in the next step.
    const checkpoint = join(run.folder, 'checkpoints', `step-${run.step}`);
    const values = new Float32Array((await readFile(join(checkpoint, 'tensors.bin'))).byteLength / 4).fill(3e38);
    await replaceSealed(checkpoint, 'tensors.bin', new Uint8Array(values.buffer));
    const step = run.step + 1;
    await lab.runs.resume(run.id);
    await untilState(run, 'diverged');
    await until('its trainer is gone', () => lab.runs.liveRun(run.id) === undefined);
    assertNames(run.view.message ?? '', step);
    const item = lab.tree.getTreeItem(run);
    assert.match(item.contextValue ?? '', /\bresumeChanged\b/);
    assert.doesNotMatch(item.contextValue ?? '', /\bresume\b/);
  });

  it('cannot be resumed twice at once', async () => {
    const run = await startAndReach(1);
    await assert.rejects(lab.runs.resume(run.id), { name: 'Error' });
    const live = lab.runs.liveRun(run.id);
    await live?.stop();
    await live?.over;
  });
});
