import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { LessonRuns, REFRESH_MS, type TrainableRuns } from '../../../src/host/course/lessonRuns.ts';
import { isLessonRun } from '../../../src/host/course/lessonViews.ts';
import type { NewTraining } from '../../../src/host/runs/runManager.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import { lessonRuns, type LessonRunList } from '../../../src/protocol/lessons/runs.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { newModel, startEvent, stepEvent } from './examples.ts';

const ENDED = {
  event: 'end',
  run: 'run',
  trainLoss: 1,
  validationLoss: 1,
  bestValidationLoss: 1,
  bestStep: 100,
  verdict: 'healthy',
  solved: null,
  steps: 100,
  seconds: 1,
  backend: 'reference',
} as const;

/** Runs that end when the test says so. */
class FakeRuns implements TrainableRuns {
  readonly runs: RunModel[] = [];
  readonly started: NewTraining[] = [];
  live: { model: RunModel; over: Promise<void>; stop: () => Promise<void> }[] = [];
  readonly #listeners = new Set<() => void>();

  run(id: string): RunModel | undefined {
    return this.runs.find((each) => each.id === id);
  }

  async refresh(): Promise<void> {
    return undefined;
  }

  async loadMetrics(): Promise<void> {
    return undefined;
  }

  liveRun(id: string) {
    return this.live.find(({ model }) => model.id === id);
  }

  start(training: NewTraining) {
    this.started.push(training);
    const { name, config, comparison = null, lessonRun = null } = training;
    const run = newModel({ folder: `/runs/run-${this.started.length}`, name, config, comparison, lessonRun });
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    const stop = async () => {
      this.live = this.live.filter(({ model }) => model !== run);
      end();
    };
    this.runs.unshift(run);
    this.live.push({ model: run, over, stop });
    return { run, ready: Promise.resolve() };
  }

  readonly onDidChangeRun = (listener: () => void) => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  readonly onDidChangeList = this.onDidChangeRun;

  change(): void {
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

/** Lets the promises of a training that waits for its run go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function setUp() {
  const runs = new FakeRuns();
  const sent: LessonRunList[] = [];
  const lesson = new LessonRuns({
    runs,
    training: async (_, { seed = 1 }) => ({
      config: parseRunConfig({ task: { name: 'temporal-order' }, seed }),
      source: { kind: 'generated' },
    }),
    send: (list) => void sent.push(lessonRuns.parse(list)),
    onError: (error) => assert.fail(String(error)),
  });
  return { runs, sent, lesson };
}

describe('LessonRuns', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('trains the runs of a lesson one after the other, with each seed, as one comparison', async () => {
    const { runs, lesson } = setUp();
    const training = lesson.train({ lesson: 'clipping', seeds: [1, 2] });
    for (let count = 1; count <= 4; count++) {
      await settle();
      assert.equal(runs.started.length, count);
      await runs.live[0]?.stop();
    }
    assert.deepEqual(await training, ['run-1', 'run-2', 'run-3', 'run-4']);
    assert.deepEqual(
      runs.started.map(({ config }) => config.seed),
      [1, 1, 2, 2],
    );
    assert.equal(new Set(runs.started.map(({ comparison }) => comparison)).size, 1);
    assert.ok(runs.runs.every((run) => isLessonRun(run, 'clipping')));
    assert.ok(!isLessonRun(newModel({ comparison: 'comparison-1' })));
  });

  it('sends the runs of the last training with their keys, when they have changed', async () => {
    const { runs, sent, lesson } = setUp();
    lesson.follow('clipping');
    assert.deepEqual(sent.at(-1)?.runs, []);
    void lesson.train({ lesson: 'clipping' });
    await settle();
    // The start names the run by its data.
    runs.runs[0]?.apply(startEvent({ name: 'temporal order' }));
    runs.runs[0]?.apply(stepEvent(1, { loss: 2.5 }));
    runs.change();
    mock.timers.tick(REFRESH_MS);
    assert.deepEqual(
      sent.at(-1)?.runs.map(({ key, step, curves }) => [key, step, curves.trainLoss]),
      [['clipped', 1, [1, 2.5]]],
    );
    await runs.live[0]?.stop();
    await settle();
    runs.change();
    mock.timers.tick(REFRESH_MS);
    assert.deepEqual(
      sent.at(-1)?.runs.map(({ key }) => key),
      ['clipped', 'notClipped'],
    );
  });

  it('sends how the runs have ended, the newest for each seed, across trainings', async () => {
    const { runs, sent, lesson } = setUp();
    lesson.follow('clipping');
    const train = async (
      seeds: number[],
      ends: readonly ('completed' | 'diverged' | 'stopped')[],
      accuracy: number,
    ) => {
      const training = lesson.train({ lesson: 'clipping', seeds });
      for (const reason of ends) {
        await settle();
        const [run] = runs.runs;
        run?.apply(stepEvent(100, { loss: 1 }));
        run?.apply({ event: 'validation', step: 100, loss: 1, n: 10, scores: { accuracy } });
        run?.apply({ ...ENDED, reason });
        await runs.live[0]?.stop();
      }
      await training;
    };
    await train([1], ['completed', 'diverged'], 0.5);
    await train([2], ['completed', 'stopped'], 0.5);
    await train([1], ['completed', 'completed'], 1);
    runs.change();
    mock.timers.tick(REFRESH_MS);
    assert.deepEqual(
      sent.at(-1)?.outcomes.map(({ key, seed, solved, step }) => [key, seed, solved, step]),
      [
        ['clipped', 1, true, 100],
        ['clipped', 2, false, 100],
        ['notClipped', 1, true, 100],
      ],
    );
    assert.deepEqual(
      sent.at(-1)?.runs.map(({ solved, settings }) => [solved, settings.distance]),
      [
        [true, 44],
        [true, 44],
      ],
    );
  });

  it('trains some of the runs, and keeps the others of earlier trainings', async () => {
    const { runs, sent, lesson } = setUp();
    lesson.follow('cells');
    for (const keys of [['rnn', 'lstm'], ['lstmOpen'], ['lstmOpen']]) {
      const training = lesson.train({ lesson: 'cells', runs: keys });
      for (let begun = 0; begun < keys.length; begun++) {
        await settle();
        await runs.live[0]?.stop();
      }
      await training;
    }
    assert.equal(runs.started.length, 4);
    mock.timers.tick(REFRESH_MS);
    runs.change();
    mock.timers.tick(REFRESH_MS);
    assert.deepEqual(
      sent.at(-1)?.runs.map(({ key, id }) => [key, id]),
      [
        ['rnn', 'run-1'],
        ['lstm', 'run-2'],
        ['lstmOpen', 'run-4'],
      ],
    );
  });

  it('shows the probes of the best step, or of a chosen step until the page leaves the lesson', async () => {
    const { runs, sent, lesson } = setUp();
    lesson.follow('clipping');
    void lesson.train({ lesson: 'clipping' });
    await settle();
    for (const step of [0, 50, 100]) {
      runs.runs[0]?.apply({ event: 'probe', probe: madeUpProbe({ step }) });
      runs.runs[0]?.apply({ event: 'validation', step, loss: step === 50 ? 1 : 2, n: 9 });
    }
    const shown = () => sent.at(-1)?.runs[0];
    lesson.showProbesAt(100);
    assert.deepEqual([shown()?.flow?.step, shown()?.firstFlow?.step, shown()?.best?.step], [100, 0, 50]);
    assert.deepEqual(shown()?.probeSteps, [0, 50, 100]);
    lesson.follow(null);
    lesson.follow('clipping');
    assert.equal(shown()?.flow?.step, 50);
  });

  it('sends nothing after the page has left the lesson', () => {
    const { runs, sent, lesson } = setUp();
    lesson.follow('clipping');
    lesson.follow(null);
    assert.equal(runs.listeners, 0);
    mock.timers.tick(REFRESH_MS);
    assert.equal(sent.length, 1);
  });

  it('ends the first training when a second one begins, and when it is stopped', async () => {
    const { runs, lesson } = setUp();
    const first = lesson.train({ lesson: 'clipping' });
    await settle();
    const second = lesson.train({ lesson: 'clipping' });
    assert.deepEqual(await first, ['run-1']);
    await settle();
    assert.equal(runs.started.length, 2);
    await lesson.stop();
    assert.deepEqual(await second, ['run-2']);
    assert.equal(runs.live.length, 0);
  });

  it('can train again after a training that could not begin', async () => {
    const { runs, lesson } = setUp();
    const start = mock.method(runs, 'start', () => {
      throw new Error('no');
    });
    await assert.rejects(lesson.train({ lesson: 'clipping' }), /no/);
    start.mock.restore();
    void lesson.train({ lesson: 'clipping' });
    await settle();
    assert.equal(runs.started.length, 1);
  });
});
