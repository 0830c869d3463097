import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { openLab, training, until, untilState } from './support.ts';

describe('training', function () {
  this.timeout(240_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  it('brings the validation loss below the unigram baseline in 300 steps', async () => {
    const { run, ready } = lab.runs.start(
      await training('learn.txt', { steps: 300, validateEvery: 50, checkpointEvery: 100 }),
    );
    assert.equal(run.state, 'starting');
    await ready;
    await untilState(run, 'completed');
    const { step } = run;
    const { baselines } = run.view;
    const loss = run.latest.validationLoss ?? null;
    assert.equal(step, 300);
    assert.ok(
      loss !== null && loss < (baselines?.['unigram'] ?? NaN),
      `${loss} nats against ${baselines?.['unigram']}`,
    );
    assert.equal(run.curves.series.trainLoss.length, 300);
    assert.ok(run.samples.length > 0);
    const steps = (await readMetrics(run.folder)).filter(({ event }) => event === 'step');
    assert.deepEqual(
      steps.map((event) => event.event === 'step' && event.loss),
      [...run.curves.series.trainLoss.y],
    );
    for (const name of ['model.json', 'weights.bin', 'vocabulary.json']) await access(join(run.folder, 'model', name));
  });

  for (const isolation of ['process', 'host'] as const) {
    it(`runs in the ${isolation === 'process' ? 'separate process' : 'extension host'} if configured`, async () => {
      const settings = vscode.workspace.getConfiguration('sequenceLab');
      await settings.update('trainer.isolation', isolation, vscode.ConfigurationTarget.Global);
      const { run, ready } = lab.runs.start(await training(`${isolation}.txt`));
      const pid = lab.runs.liveRun(run.id)?.pid;
      assert.equal(pid === process.pid, isolation === 'host');
      await ready;
      await untilState(run, 'completed');
      await settings.update('trainer.isolation', undefined, vscode.ConfigurationTarget.Global);
    });
  }

  it('pauses, continues and stops after the current step', async () => {
    const { run, ready } = lab.runs.start(await training('hold.txt', { steps: 100_000 }));
    await ready;
    const live = lab.runs.liveRun(run.id);
    assert.ok(live);
    const acknowledged: number[] = [];
    for (let round = 0; round < 3; round++) {
      await until('it has trained', () => run.step > 5 * (round + 1));
      const start = performance.now();
      await live.pause();
      acknowledged.push(performance.now() - start);
      await untilState(run, 'paused');
      const held = run.step;
      // The trainer answers while it is paused: the sample tells after which step it was written.
      const written = run.samples.length;
      await live.sample(run.view.sampling);
      await until('a sample is written', () => run.samples.length > written);
      assert.deepEqual([run.samples.at(-1)?.step, run.step], [held, held]);
      await live.unpause();
      await untilState(run, 'running');
    }
    const start = performance.now();
    await live.stop();
    acknowledged.push(performance.now() - start);
    await untilState(run, 'stopped');
    await live.over;
    console.log(
      `pauses and the stop were acknowledged after ${acknowledged.map((each) => each.toFixed(0)).join(', ')} ms`,
    );
    const { state, progress } = await readRecord(run.folder);
    assert.deepEqual([state, progress.step], ['stopped', run.step]);
    await access(join(run.folder, 'checkpoints', `step-${progress.step}`, 'tensors.bin'));
  });

  it('trains two runs at the same time, each in its own trainer', async () => {
    const started = [
      lab.runs.start(await training('one.txt')),
      lab.runs.start(await training('two.txt', { learningRate: 0.01 })),
    ];
    assert.equal(new Set(started.map(({ run }) => lab.runs.liveRun(run.id)?.pid)).size, 2);
    await Promise.all(started.map(async ({ ready }) => ready));
    for (const { run } of started) await untilState(run, 'completed');
    const [one, two] = started.map(({ run }) => [...run.curves.series.trainLoss.y]);
    assert.equal(one?.length, 40);
    assert.notDeepEqual(one, two);
  });

  it('can be stopped before it starts, and leaves no files behind', async () => {
    const { run, ready } = lab.runs.start(await training('cancelled.txt'));
    const beginning = assert.rejects(ready, { name: 'StartCancelled' });
    await lab.runs.liveRun(run.id)?.stop();
    await beginning;
    assert.equal(lab.runs.run(run.id), undefined);
    await assert.rejects(access(run.folder));
  });

  it('records its configuration, seed and versions', async () => {
    const { run, ready } = lab.runs.start(await training('record.txt', { steps: 2 }));
    await ready;
    await untilState(run, 'completed');
    const record = JSON.parse(await readFile(join(run.folder, 'run.json'), 'utf8')) as { config: object; id: string };
    assert.deepEqual(record.config, run.config);
    assert.equal(record.id, run.id);
  });
});
