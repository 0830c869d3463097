import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { describeRun } from '../../../src/host/runs/describe.ts';
import { RunModel } from '../../../src/host/runs/runModel.ts';
import { runView } from '../../../src/protocol/panel.ts';
import type { ListedRun } from '../../../src/runs/runStore.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { newModel, startEvent, stepEvent } from './examples.ts';
import { assertNames } from '../../harness/facts.ts';
import { tasks } from '../../../src/config/tasks.ts';
import { describeRepetition } from '../../../src/protocol/replay.ts';
import { spokenUnits } from '../../../src/protocol/metrics.ts';
import { summarize } from '../../../src/runs/summary.ts';
import { phrase, say } from '../../../src/phrases/phrase.ts';

function listed(state: ListedRun['record']['state'], holder?: number): ListedRun {
  const { text, facts, baselines, backend, parameters, batchSize } = startEvent();
  const { config } = newModel();
  return {
    folder: '/runs/stored',
    holder,
    record: {
      version: 1,
      id: 'stored',
      name: 'hamlet.txt',
      createdAt: '2026-01-01T00:00:00.000Z',
      state,
      config,
      source: { path: null, sha256: '0', snapshot: true, files: [] },
      text,
      facts,
      baselines,
      backend,
      comparison: null,
      lessonRun: null,
      sweep: null,
      parent: null,
      initial: null,
      versions: {},
      parts: [],
      repetition: null,
      parameters,
      batchSize,
      notices: ['2 bytes were replaced.'],
      steps: 3000,
      secondsLimit: 0,
      progress: {
        step: 1200,
        seconds: 60,
        trainLoss: 1.9,
        validationLoss: 1.83,
        best: null,
        kept: null,
        learning: null,
      },
      message: null,
    },
  };
}

describe('RunModel', () => {
  it('has a valid view from the start', () => {
    const model = newModel();
    assert.deepEqual(runView.parse(model.view), model.view);
    assert.equal(model.view.state, 'starting');
    assert.equal(model.view.summary, summarize(parseRunConfig({})));
  });

  it('shows one result of a repetition, the last', () => {
    const model = newModel();
    model.apply(startEvent());
    const before = model.view.notices;
    const result = { event: 'repetition', run: 'other', steps: 9, compared: 2 } as const;
    const found = { recorded: 1, now: 2, ulps: 1, values: null, texts: null, name: null, file: null };
    const difference = { step: 3, quantity: 'loss', ...found } as const;
    const largest = { step: 8, quantity: 'valLoss', recorded: 0.5, now: 0.25 } as const;
    model.apply({ ...result, difference, largest: null });
    model.apply({ ...result, difference, largest });
    assert.deepEqual(model.view.notices, [...before, say(describeRepetition({ ...result, difference, largest }))]);
    assertNames(model.view.notices.at(-1) ?? '', 3, 8, '50 %');
  });

  it('applies the events of the trainer', () => {
    const model = newModel();
    model.apply(startEvent());
    for (let step = 1; step <= 100; step++) model.apply(stepEvent(step));
    model.apply({ event: 'validation', step: 100, loss: 3.5, n: 99 });
    model.apply({ event: 'sample', step: 100, prompt: 'a', temperature: 1, text: 'b' });
    assert.deepEqual(runView.parse(model.view), model.view);
    assert.equal(model.step, 100);
    assert.ok(Math.abs((model.latest.trainLoss ?? 0) - 3.9495) < 1e-9, 'the mean of the last 100 steps');
    assert.equal(model.latest.validationLoss, 3.5);
    assert.equal(model.samples.length, 1);
    // 10 steps per second, and 1900 remaining.
    assert.ok(Math.abs((model.progress.secondsLeft ?? 0) - 190) < 1e-6);
    assertNames(describeRun(model), 100, '3.50', 'nats');
  });

  it('uses the units of a generated task', () => {
    const config = parseRunConfig({ task: { name: 'adding' } });
    const model = newModel({ config, sourcePath: null });
    model.apply({ event: 'validation', step: 100, loss: 0.01234, n: 99 });
    const { view } = model;
    assert.deepEqual(runView.parse(view), view);
    assert.deepEqual([view.writes, view.units], [false, spokenUnits(tasks.adding.units)]);
    assertNames(view.about ?? '', 'Hochreiter', 0.01);
    assert.equal(view.summary, summarize(config));
    model.setState('stopped');
    assertNames(describeRun(model), 0, 0.0123, view.units.loss);
  });

  it('estimates the remaining time from the limit that is reached first', () => {
    const model = newModel();
    model.apply(startEvent({ secondsLimit: 12 }));
    for (let step = 1; step <= 50; step++) model.apply(stepEvent(step));
    assert.ok(Math.abs((model.progress.secondsLeft ?? 0) - 7) < 1e-6);
    model.apply({ event: 'paused', paused: true, step: 50 });
    assert.equal(model.progress.secondsLeft, null);
  });

  it('drops the steps that a resumed run repeats', () => {
    const model = newModel();
    model.apply(startEvent());
    for (let step = 1; step <= 150; step++) model.apply(stepEvent(step));
    for (const step of [0, 100, 150]) model.apply({ event: 'probe', probe: madeUpProbe({ step }) });
    for (const step of [100, 150]) model.apply({ event: 'sample', step, prompt: '', temperature: 1, text: 'x' });
    const before = model.revision;
    model.apply(startEvent({ step: 100 }));
    assert.deepEqual([model.curves.series.trainLoss.length, model.samples.length, model.step], [100, 1, 100]);
    assert.deepEqual(
      model.probes.summaries.map(({ step }) => step),
      [0, 100],
    );
    assert.notEqual(model.revision, before);
  });

  it('ends in the state that the trainer reports', () => {
    const model = newModel();
    model.apply({
      event: 'end',
      run: model.id,
      reason: 'diverged',
      trainLoss: null,
      validationLoss: null,
      bestValidationLoss: null,
      bestStep: null,
      verdict: 'not-finite',
      solved: null,
      steps: 7,
      seconds: 1,
      backend: 'reference',
      message: 'Step 8: the loss is NaN.',
    });
    assert.equal(model.state, 'diverged');
    assert.equal(model.view.message, 'Step 8: the loss is NaN.');
  });

  it('is described by the model that is kept and by the verdict on learning, also after it is read from disk', () => {
    const finding = {
      verdict: 'overfitting',
      layer: null,
      direction: null,
      sentence: 'Since 200.',
      numbers: {},
    } as const;
    const kept = { step: 200, loss: 2.02 };
    const learning = { step: 1200, findings: [finding], advice: [] };
    const live = newModel();
    live.apply(startEvent());
    live.apply({ event: 'validation', step: 1200, loss: 4.26, n: 9 });
    live.apply({ event: 'learning', ...learning, best: kept, kept });
    const { record, holder, folder } = listed('completed');
    const progress = { ...record.progress, validationLoss: 4.26, best: kept, kept, learning };
    const stored = RunModel.stored({ folder, holder, record: { ...record, progress } });
    stored.replaceMetrics([{ event: 'validation', step: 1200, loss: 4.26, n: 9 }], []);
    for (const model of [live, stored]) {
      assert.deepEqual([model.loss, model.kept, model.finding], [2.02, kept, finding]);
      assert.deepEqual([model.progress.learning, model.progress.kept], [learning, kept]);
      assertNames(describeRun(model), '2.02', 200, 'Overfitting');
      assert.ok(!describeRun(model).includes('4.26'));
    }
    live.apply({ ...startEvent(), step: 100 });
    assert.deepEqual([live.kept, live.finding], [null, undefined]);
  });

  it('keeps the notices of the host, which the record does not have, and has each notice once', () => {
    const model = newModel({ notices: ['"Small" is trained on rhyme.txt.'] });
    const found = phrase('{0} rows were skipped.', 2);
    for (let start = 0; start < 2; start++) model.apply({ ...startEvent(), notices: [found, 'Short.'] });
    const stored = listed('completed');
    model.restore({
      ...stored,
      record: { ...stored.record, notices: [phrase('{0} rows were skipped.', 2), 'Short.'] },
    });
    assert.deepEqual(model.view.notices, ['"Small" is trained on rhyme.txt.', say(found), 'Short.']);
  });

  it('distinguishes an interrupted run from one in another process', () => {
    assert.equal(RunModel.stored(listed('running')).state, 'interrupted');
    assert.equal(RunModel.stored(listed('running', 4711)).state, 'running');
    assert.equal(RunModel.stored(listed('stopped')).state, 'stopped');
    assert.equal(RunModel.stored(listed('interrupted')).state, 'interrupted');
    assert.equal(RunModel.stored(listed('interrupted', 4711)).state, 'running', 'its trainer has not ended yet');
  });

  it('shows the losses in the record until the metrics are read', () => {
    const model = RunModel.stored(listed('stopped'));
    assertNames(describeRun(model), '1,200', 1.83, 'nats');
    assert.equal(model.view.steps, 3000);
    model.replaceMetrics(
      [stepEvent(1), { event: 'validation', step: 1, loss: 3.25, n: 9 }],
      [madeUpProbe({ step: 0 })],
    );
    assert.equal(model.latest.validationLoss, 3.25);
    assert.equal(model.probes.summaries.length, 1);
    model.replaceMetrics([stepEvent(1)], []);
    assert.deepEqual([model.curves.series.trainLoss.length, model.probes.summaries.length], [1, 0]);
  });
});
