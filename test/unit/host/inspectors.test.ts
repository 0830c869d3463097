import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { IDLE_MS, Inspectors, MAX_OPEN_TRAINERS } from '../../../src/host/inspection/inspectors.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import type { RemoteInspector } from '../../../src/protocol/inspector.ts';
import { newModel, stepEvent } from './examples.ts';

/** Queries are functions of the test; inspectors are only compared by identity. */
const inspector = (): RemoteInspector => ({}) as RemoteInspector;

function setUp() {
  const opened: { run: RunModel; inspector: RemoteInspector; die: (death: Error) => void; closed: boolean }[] = [];
  const errors: Error[] = [];
  const live = new Map<string, RemoteInspector>();
  let refusal: Error | undefined;
  const inspectors = new Inspectors({
    live: ({ id }) => live.get(id),
    open: async (run, die) => {
      if (refusal) throw refusal;
      const model = { run, inspector: inspector(), die, closed: false };
      opened.push(model);
      return { inspector: model.inspector, close: async () => void (model.closed = true) };
    },
    onError: (error) => errors.push(error),
  });
  return { inspectors, opened, errors, live, refuse: (error: Error | undefined) => void (refusal = error) };
}

const run = (name: string) => newModel({ folder: `/runs/${name}` });
const whoAnswers = async (asked: RemoteInspector) => asked;

describe('Inspectors', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('query the trainer of a run that trains in this window, and close a model opened before', async () => {
    const { inspectors, opened, live } = setUp();
    const model = run('a');
    await inspectors.ask(model, whoAnswers);
    const trainer = inspector();
    live.set(model.id, trainer);
    assert.equal(await inspectors.ask(model, whoAnswers), trainer);
    await turn();
    assert.deepEqual(
      opened.map(({ closed }) => closed),
      [true],
    );
  });

  it('share one opened model, which closes some minutes after the last answer', async () => {
    const { inspectors, opened } = setUp();
    const model = run('a');
    await Promise.all([inspectors.ask(model, whoAnswers), inspectors.ask(model, whoAnswers)]);
    assert.equal(opened.length, 1);

    let answer: () => void = () => undefined;
    const slow = inspectors.ask(model, () => new Promise<void>((resolve) => (answer = resolve)));
    await turn();
    mock.timers.tick(10 * IDLE_MS);
    await turn();
    assert.equal(opened[0]?.closed, false, 'slow requests are not interrupted');
    answer();
    await slow;
    mock.timers.tick(IDLE_MS - 1);
    await turn();
    assert.equal(opened[0]?.closed, false);
    mock.timers.tick(1);
    await turn();
    assert.equal(opened[0]?.closed, true);

    await inspectors.ask(model, whoAnswers);
    assert.equal(opened.length, 2, 'and opened again on demand');
  });

  it('limit the number of open models, and close the least recently used one', async () => {
    const { inspectors, opened } = setUp();
    const runs = Array.from({ length: MAX_OPEN_TRAINERS + 1 }, (_, i) => run(`run-${i}`));
    const [first, ...others] = runs;
    for (const each of [...runs.slice(0, MAX_OPEN_TRAINERS), first, others.at(-1)])
      if (each) await inspectors.ask(each, whoAnswers);
    await turn();
    assert.deepEqual(
      opened.filter(({ closed }) => closed).map((model) => model.run),
      [others[0]],
    );
  });

  it('reopen a model that another process has trained further', async () => {
    const { inspectors, opened } = setUp();
    const model = run('a');
    await inspectors.ask(model, whoAnswers);
    model.apply(stepEvent(7));
    await inspectors.ask(model, whoAnswers);
    await turn();
    assert.deepEqual(
      opened.map(({ closed }) => closed),
      [true, false],
    );
  });

  it('reject pending requests when the trainer dies, report the error, and start another trainer', async () => {
    const { inspectors, opened, errors } = setUp();
    const model = run('a');
    await inspectors.ask(model, whoAnswers);
    const death = new Error('no memory left');
    opened[0]?.die(death);
    assert.deepEqual(errors, [death]);
    assert.equal(await inspectors.ask(model, whoAnswers), opened[1]?.inspector);
  });

  it('reject with the reason if a model cannot be opened, and retry at the next request', async () => {
    const { inspectors, refuse, opened, errors } = setUp();
    refuse(new Error('no saved model yet'));
    await assert.rejects(inspectors.ask(run('a'), whoAnswers), /no saved model yet/);
    refuse(undefined);
    await inspectors.ask(run('a'), whoAnswers);
    assert.equal(opened.length, 1);
    assert.deepEqual(errors, [], 'the caller receives the error');
  });

  it('answer pending requests before they close a model after a change of settings', async () => {
    const { inspectors, opened } = setUp();
    let answer: (word: string) => void = () => undefined;
    const pending = inspectors.ask(run('a'), () => new Promise<string>((resolve) => (answer = resolve)));
    await turn();
    inspectors.retireAll();
    await turn();
    assert.equal(opened[0]?.closed, false);
    answer('answered');
    assert.equal(await pending, 'answered');
    await turn();
    assert.equal(opened[0]?.closed, true);
  });
});
