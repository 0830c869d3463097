import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { CompareFeed, REFRESH_MS, type RunSource } from '../../../src/host/panel/compareFeed.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import type { ComparedRun, ProbedRun } from '../../../src/protocol/comparison.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { newModel, stepEvent } from './examples.ts';

/** Runs that the test modifies. */
class FakeRuns implements RunSource {
  readonly runs: RunModel[];
  readonly loaded: string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(...runs: RunModel[]) {
    this.runs = runs;
  }

  run(id: string): RunModel | undefined {
    return this.runs.find((each) => each.id === id);
  }

  async refresh(): Promise<void> {
    return undefined;
  }

  async loadMetrics(id: string): Promise<void> {
    this.loaded.push(id);
  }

  readonly onDidChangeRun = (listener: () => void) => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  readonly onDidChangeList = this.onDidChangeRun;

  change(): void {
    for (const listener of this.#listeners) listener();
  }
}

function setUp() {
  const model = (id: string, comparison: string | null) => newModel({ folder: `/runs/${id}`, comparison });
  // Newest first, as the run manager lists them.
  const [rnn, lstm, other] = [model('rnn', 'c1'), model('lstm', 'c1'), model('other', null)];
  const runs = new FakeRuns(rnn, lstm, other);
  const lists: string[][] = [];
  const sent: ComparedRun[] = [];
  const probes: ProbedRun[][] = [];
  const feed = new CompareFeed(
    runs,
    {
      comparable: ({ chosen }) => void lists.push(chosen),
      compared: (run) => void sent.push(run),
      comparedProbes: (probed) => void probes.push(probed),
    },
    (error) => assert.fail(String(error)),
  );
  return { runs, rnn, lstm, other, lists, sent, probes, feed };
}

describe('CompareFeed', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('starts with the runs of the same comparison, oldest first, or with the run only', () => {
    const { feed, lists, lstm, other, runs } = setUp();
    feed.restart(lstm);
    feed.send();
    assert.deepEqual(lists, [['lstm', 'rnn']]);
    assert.deepEqual(runs.loaded, ['lstm', 'rnn'], 'their curves are read');
    feed.restart(other);
    feed.send();
    assert.deepEqual(lists.at(-1), ['other']);
  });

  it('starts with a run and the one it was started from, unless that was deleted', () => {
    const { feed, lists, runs } = setUp();
    const child = newModel({
      folder: '/runs/child',
      parent: { run: 'other', reason: 'advice', changes: { 'model.forgetBias': 3 } },
    });
    const orphan = newModel({ folder: '/runs/orphan', parent: { run: 'gone', reason: 'again', changes: {} } });
    runs.runs.push(child, orphan);
    feed.restart(child);
    feed.send();
    assert.deepEqual(lists.at(-1), ['other', 'child']);
    feed.restart(orphan);
    feed.send();
    assert.deepEqual(lists.at(-1), ['orphan']);
  });

  it('sends only changed runs, at most twice a second', () => {
    const { feed, runs, lstm, rnn, sent } = setUp();
    feed.restart(lstm);
    feed.send();
    assert.deepEqual(
      sent.splice(0).map(({ id }) => id),
      ['lstm', 'rnn'],
    );
    for (let step = 1; step <= 10; step++) {
      rnn.apply(stepEvent(step));
      runs.change();
      feed.send();
    }
    assert.equal(sent.length, 0);
    mock.timers.tick(REFRESH_MS);
    assert.deepEqual(
      sent.map(({ id }) => id),
      ['rnn'],
    );
    assert.deepEqual(
      sent[0]?.curves.trainLoss?.seconds,
      Array.from({ length: 10 }, (_, i) => (i + 1) / 10),
    );
  });

  it('sends nothing while its tab is hidden, and everything when it is shown again', () => {
    const { feed, runs, lstm, sent } = setUp();
    feed.restart(lstm);
    feed.send();
    feed.pause();
    sent.length = 0;
    lstm.apply(stepEvent(1));
    runs.change();
    mock.timers.tick(10 * REFRESH_MS);
    assert.equal(sent.length, 0);
    feed.send();
    assert.deepEqual(
      sent.map(({ id }) => id),
      ['lstm', 'rnn'],
    );
  });

  it('compares the chosen runs, without deleted ones', () => {
    const { feed, lstm, lists } = setUp();
    feed.restart(lstm);
    feed.send();
    void feed.functions().compare(['other', 'deleted', 'lstm']);
    assert.deepEqual(lists.at(-1), ['other', 'lstm']);
    void feed.functions().compare(null);
    assert.deepEqual(lists.at(-1), ['lstm', 'rnn']);
  });

  it('sends the probes nearest to the best steps, or those up to a chosen step', () => {
    const { feed, runs, lstm, rnn, probes } = setUp();
    for (const step of [1, 100, 200]) {
      for (const run of [lstm, rnn]) run.apply({ event: 'probe', probe: madeUpProbe({ step }) });
      lstm.apply({ event: 'validation', step, loss: step === 100 ? 1 : 2, n: 9 });
    }
    feed.restart(lstm);
    feed.send();
    const shown = () => probes.at(-1)?.map(({ flow }) => flow?.step);
    assert.deepEqual(shown(), [100, 200], 'a run without a validation shows its latest probe');
    void feed.functions().compareProbesAt(150);
    assert.deepEqual(shown(), [100, 100]);
    void feed.functions().compareProbesAt(0);
    assert.deepEqual(shown(), [1, 1]);
    assert.deepEqual(probes.at(-1)?.[0]?.steps, [1, 100, 200]);
    const messages = probes.length;
    runs.change();
    mock.timers.tick(REFRESH_MS);
    assert.equal(probes.length, messages, 'unchanged probes are not sent again');
  });

  it('returns the seconds at a step, also between steps and before the first', () => {
    const { feed, other, sent } = setUp();
    for (const [step, seconds] of [
      [10, 1],
      [20, 3],
      [30, 4],
    ] as const)
      other.apply(stepEvent(step, { seconds }));
    for (const step of [5, 10, 19, 20, 99]) other.apply({ event: 'validation', step, loss: 3, n: 9 });
    feed.restart(other);
    feed.send();
    assert.deepEqual(sent[0]?.curves.validationLoss?.seconds, [0, 1, 1, 3, 4]);
  });
});
