import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { PanelFeed, TICK_MS, type FedPanel } from '../../../src/host/panel/panelFeed.ts';
import { decimate } from '../../../src/runs/series/decimate.ts';
import { measuredMetrics, type SeriesName } from '../../../src/protocol/metrics.ts';
import type { RunView, SampleView } from '../../../src/protocol/panel.ts';
import { newModel, startEvent, stepEvent } from './examples.ts';

/** A panel that implements the protocol and counts messages. */
class FakePanel implements FedPanel {
  readonly shown: (string | null)[] = [];
  readonly views: RunView[] = [];
  ticks = 0;
  bytes = 0;
  curves = new Map<SeriesName, (number | null)[]>();
  samplesHeld: SampleView[] = [];
  readonly results: FedPanel['results'] = async (report) => void this.reports.push(report?.step ?? null);
  readonly reports: (number | null)[] = [];

  readonly show: FedPanel['show'] = async (run) => {
    this.shown.push(run?.id ?? null);
    this.curves = new Map();
    this.samplesHeld = [];
  };
  readonly update: FedPanel['update'] = async (view) => void this.views.push(view);
  readonly progress: FedPanel['progress'] = async (change) => {
    this.ticks++;
    this.bytes = JSON.stringify(change).length;
    for (const { key } of measuredMetrics) {
      const { keep, points } = change.curves[key] ?? { keep: Infinity, points: [] };
      if (points.length > 0) this.curves.set(key, [...(this.curves.get(key) ?? []).slice(0, 2 * keep), ...points]);
    }
  };
  readonly samples: FedPanel['samples'] = async (samples) => {
    this.samplesHeld.push(...samples);
  };
}

function feedOf(panel: FedPanel): PanelFeed {
  return new PanelFeed(panel, (error) => {
    throw error;
  });
}

describe('PanelFeed', () => {
  it('sends everything once, then changes at most ten times a second', async () => {
    const panel = new FakePanel();
    const feed = feedOf(panel);
    const model = newModel();
    model.apply(startEvent());
    for (let step = 1; step <= 20; step++) model.apply(stepEvent(step));
    feed.show(model, 'loss');
    assert.deepEqual(panel.shown, [model.id]);
    assert.deepEqual(panel.curves.get('trainLoss'), decimate(model.curves.series.trainLoss));

    for (let step = 21; step <= 400; step++) {
      model.apply(stepEvent(step));
      feed.changed();
    }
    assert.equal(panel.ticks, 1);
    await sleep(2 * TICK_MS);
    assert.equal(panel.ticks, 2);
    assert.deepEqual(panel.curves.get('trainLoss'), decimate(model.curves.series.trainLoss));
    assert.deepEqual(panel.shown, [model.id]);
  });

  it('sends the view only when it has changed', async () => {
    const panel = new FakePanel();
    const feed = feedOf(panel);
    const model = newModel();
    model.apply(startEvent());
    feed.show(model, 'loss');
    model.apply(stepEvent(1));
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.deepEqual(panel.views, []);
    assert.ok(panel.bytes < 1000, `${panel.bytes} bytes`);
    model.apply({ event: 'paused', paused: true, step: 1 });
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.deepEqual(
      panel.views.map(({ state }) => state),
      ['paused'],
    );
  });

  it('appends samples', async () => {
    const panel = new FakePanel();
    const feed = feedOf(panel);
    const model = newModel();
    const sample = (step: number) =>
      model.apply({ event: 'sample', step, prompt: '', temperature: 1, text: `at ${step}` });
    sample(100);
    feed.show(model, 'loss');
    sample(200);
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.deepEqual(
      panel.samplesHeld.map(({ text }) => text),
      ['at 100', 'at 200'],
    );
  });

  it('sends curves and samples only while their tab is shown, including those missed before', async () => {
    const panel = new FakePanel();
    const feed = feedOf(panel);
    const model = newModel();
    model.apply(startEvent());
    feed.show(model, 'gates');
    for (let step = 1; step <= 30; step++) model.apply(stepEvent(step));
    model.apply({ event: 'sample', step: 30, prompt: '', temperature: 1, text: 'missed' });
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.equal(panel.ticks, 2);
    assert.deepEqual([panel.curves.size, panel.samplesHeld.length], [0, 0]);

    feed.choose('loss');
    await sleep(2 * TICK_MS);
    assert.deepEqual(panel.curves.get('trainLoss'), decimate(model.curves.series.trainLoss));
    assert.equal(panel.samplesHeld.length, 1);
  });

  it('restarts when the run returns to a checkpoint', async () => {
    const panel = new FakePanel();
    const feed = feedOf(panel);
    const model = newModel();
    model.apply(startEvent());
    for (let step = 1; step <= 150; step++) model.apply(stepEvent(step));
    model.apply({ event: 'sample', step: 150, prompt: '', temperature: 1, text: 'done again' });
    feed.show(model, 'loss');
    model.apply(startEvent({ step: 100 }));
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.equal(panel.shown.length, 2);
    assert.equal(panel.curves.get('trainLoss')?.length, 200);
    assert.deepEqual(panel.samplesHeld, []);
  });

  it('sends nothing while the panel is hidden', async () => {
    const panel = new FakePanel();
    const feed = feedOf(panel);
    const model = newModel();
    feed.show(model, 'loss');
    feed.changed();
    feed.pause();
    await sleep(2 * TICK_MS);
    assert.equal(panel.ticks, 1);
  });

  it('sends an empty view without a run', () => {
    const panel = new FakePanel();
    feedOf(panel).show(undefined, 'loss');
    assert.deepEqual(panel.shown, [null]);
  });

  it('sends a report once, and only to the tab that shows it', async () => {
    const panel = new FakePanel();
    const feed = feedOf(panel);
    const model = newModel();
    model.apply(startEvent());
    feed.show(model, 'loss');
    model.apply({ event: 'report', report: { step: 100, blocks: [] } });
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.deepEqual(panel.reports, []);
    feed.choose('results');
    await sleep(2 * TICK_MS);
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.deepEqual(panel.reports, [100]);
  });
});
