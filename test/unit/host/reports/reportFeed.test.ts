import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ReportFeed, type ReportRunSource, UPDATE_MS } from '../../../../src/host/reports/reportFeed.ts';
import type { RunModel } from '../../../../src/host/runs/runModel.ts';
import type { ReportContent, ReportCurves } from '../../../../src/protocol/reportPage.ts';
import { newModel, startEvent, stepEvent } from '../examples.ts';

/** Runs that the test changes. */
class FakeRuns implements ReportRunSource {
  readonly runs: RunModel[] = ['b', 'a'].map((id) => newModel({ folder: `/runs/${id}` }));
  readonly #listeners = new Set<() => void>();

  run(id: string): RunModel | undefined {
    return this.runs.find((run) => run.id === id);
  }

  async loadMetrics(): Promise<void> {
    return undefined;
  }

  readonly onDidChangeRun = (listener: () => void) => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  readonly onDidChangeList = this.onDidChangeRun;

  change(): void {
    for (const listener of this.#listeners) listener();
    mock.timers.tick(UPDATE_MS);
  }
}

function setUp(first: string) {
  const runs = new FakeRuns();
  const shown: ReportContent[] = [];
  const curves: ReportCurves[] = [];
  const document = { name: 'report.sequence-lab.md', text: first };
  const feed = new ReportFeed(
    runs,
    { name: document.name, text: () => document.text },
    { show: (content) => void shown.push(content), curves: (run) => void curves.push(run) },
    (error) => assert.fail(String(error)),
  );
  const write = (text: string) => {
    document.text = text;
    feed.documentChanged();
    mock.timers.tick(UPDATE_MS);
  };
  return { runs, shown, curves, feed, write };
}

const block = (...lines: readonly string[]) => ['```sequence-lab', ...lines, '```'].join('\n');

describe('ReportFeed', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('sends the report with its runs, and the curves that its plots need', () => {
    const { feed, shown, curves, runs } = setUp(`# Title\n\n${block('runs: a', 'plot: trainLoss')}`);
    runs.run('a')?.apply(startEvent());
    runs.run('a')?.apply(stepEvent(1));
    feed.start();
    assert.deepEqual([shown[0]?.title, shown[0]?.runs.map(({ id }) => id)], ['Title', ['a']]);
    assert.deepEqual(
      curves.map(({ id, curves: of }) => [id, Object.keys(of)]),
      [['a', ['trainLoss']]],
    );
  });

  it('sends what has changed in the text or in a run, and nothing else', () => {
    const { feed, shown, curves, runs, write } = setUp(block('runs: a', 'plot: trainLoss'));
    feed.start();
    runs.change();
    assert.deepEqual([shown.length, curves.length], [1, 1]);
    runs.run('a')?.apply(startEvent());
    runs.run('a')?.apply(stepEvent(1));
    runs.change();
    assert.equal(curves.length, 2);
    write(block('runs: a, b', 'plot: table'));
    assert.deepEqual(
      shown.at(-1)?.parts.map(({ kind }) => kind),
      ['plot'],
    );
    assert.equal(curves.length, 2);
    feed.stop();
    const sent = shown.length;
    write('text');
    runs.change();
    assert.equal(shown.length, sent);
  });

  it('gives the whole report for an export', async () => {
    const { feed } = setUp(block('runs: all', 'plot: validationBits'));
    const { content, curves } = await feed.whole();
    assert.equal(content.title, 'report.sequence-lab.md');
    assert.deepEqual(
      curves.map(({ id }) => id),
      ['b', 'a'],
    );
  });
});
