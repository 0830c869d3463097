import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { IDLE_MS, WarmClassifier, type ClassifierTrainer } from '../../../../src/host/classification/warmClassifier.ts';
import { TrainerDeath } from '../../../../src/host/trainerClient/trainerClient.ts';
import { explanationOf } from './examples.ts';

const bundled = { name: 'bundled', folder: null, showsGates: false, version: '' };
const own = { name: 'own', folder: '/runs/own', showsGates: true, version: '100' };

/** Trainers that answer with their open model, and die on request. */
function setUp() {
  const opened: string[] = [];
  const started: { die: () => void; disposed: boolean }[] = [];
  const errors: Error[] = [];
  let deaths = 0;
  const start = (died: (death: Error) => void): ClassifierTrainer => {
    const death = new TrainerDeath('killed');
    const trainer = { die: () => died(death), disposed: false };
    started.push(trainer);
    return {
      remote: {
        openClassifier: async ({ run }) => {
          opened.push(run ?? 'bundled');
          return { labels: [run ?? 'bundled'] };
        },
        answer: () => assert.fail('only explanations are asked for here'),
        explain: async (text) => {
          if (deaths === 0) return explanationOf(text);
          deaths--;
          died(death);
          throw death;
        },
        openTable: () => assert.fail('no table is opened here'),
        classifyRows: () => assert.fail('no table is opened here'),
        cancelClassification: async () => undefined,
      },
      dispose: async () => void (trainer.disposed = true),
    };
  };
  const classifier = new WarmClassifier({
    start,
    backends: () => ({ home: '', tensorflowPath: '', wideSimd: false }),
    onError: (error) => errors.push(error),
  });
  const ask = (model = bundled as typeof bundled | typeof own) =>
    classifier.ask(model, async (remote, labels) => ({
      labels,
      wordCount: (await remote.explain('one two')).wordCount,
    }));
  return { classifier, ask, opened, started, errors, dieNext: (times: number) => void (deaths = times) };
}

describe('WarmClassifier', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('starts one trainer for many requests, and opens each model on demand', async () => {
    const { ask, opened, started } = setUp();
    const answers = await Promise.all([ask(), ask(), ask(own), ask(own), ask()]);
    assert.equal(started.length, 1);
    assert.deepEqual(opened, ['bundled', '/runs/own', 'bundled']);
    assert.deepEqual(
      answers.map(({ labels }) => labels[0]),
      ['bundled', 'bundled', '/runs/own', '/runs/own', 'bundled'],
    );
  });

  it('reopens a run that has been trained further', async () => {
    const { classifier, opened } = setUp();
    for (const version of ['100', '100', '200']) await classifier.ask({ ...own, version }, async () => undefined);
    assert.deepEqual(opened, ['/runs/own', '/runs/own']);
  });

  it('replaces a dead trainer and repeats the request', async () => {
    const { ask, started, errors, dieNext } = setUp();
    await ask();
    dieNext(1);
    assert.equal((await ask()).wordCount, 2);
    assert.equal(started.length, 2);
    assert.equal(errors.length, 1);
    started[1]?.die();
    await ask();
    assert.equal(started.length, 3, 'it is also replaced after it dies while idle');
  });

  it('rejects a request that ends two trainers, and answers the next one', async () => {
    const { ask, dieNext } = setUp();
    dieNext(2);
    await assert.rejects(ask(), TrainerDeath);
    assert.equal((await ask()).wordCount, 2);
  });

  it('disposes of the trainer after an idle time that starts at the last answer', async () => {
    const { ask, started } = setUp();
    await ask();
    await turn();
    mock.timers.tick(IDLE_MS - 1);
    await ask();
    await turn();
    mock.timers.tick(IDLE_MS - 1);
    assert.equal(started[0]?.disposed, false);
    mock.timers.tick(1);
    assert.equal(started[0]?.disposed, true);
    await ask();
    assert.equal(started.length, 2);
  });
});
