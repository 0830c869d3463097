import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { RunModel } from '../../../../src/host/runs/runModel.ts';
import type { TurnOptions } from '../../../../src/host/runs/trainingQueue.ts';
import { TrainingTurns } from '../../../../src/host/runs/trainingTurns.ts';
import { describeWaits } from '../../../../src/protocol/waits.ts';
import type { TrainerFunctions } from '../../../../src/protocol/trainer.ts';
import { newModel, startEvent, stepEvent } from '../examples.ts';
import { end, liveRun } from '../fakeTrainer.ts';

type Fake = ReturnType<typeof liveRun>;

/** The runs of a window with fake trainers: what a run manager does with its turns. */
function setUp(parallelRuns = 1, processors = 4) {
  const state = { parallelRuns };
  const fakes: Fake[] = [];
  const changed: string[] = [];
  const calls: string[] = [];
  const live = () => fakes.filter(({ live: { ending } }) => !ending).map(({ live: each }) => each);
  const turns = new TrainingTurns({
    parallelRuns: () => state.parallelRuns,
    processors,
    live,
    changed: ({ id }: RunModel) => changed.push(id),
  });
  const start = (id: string, options: TurnOptions = {}, functions: Partial<TrainerFunctions> = {}) => {
    const recorded: Partial<TrainerFunctions> = {
      pause: async () => {
        calls.push(`pause ${id}`);
        await fake.owner.remote.events([{ event: 'paused', paused: true, step: 1 }]);
      },
      unpause: async () => {
        calls.push(`unpause ${id}`);
        await fake.owner.remote.events([{ event: 'paused', paused: false, step: 1 }]);
      },
      ...functions,
    };
    const model = newModel({ folder: `/runs/${id}` });
    const fake = liveRun(recorded, turns.turnOf(id, options), model);
    fakes.push(fake);
    turns.showPlaces();
    const ready = fake.begin().then(() => fake.owner.remote.events([startEvent(), stepEvent(1)]));
    ready.catch(() => turns.finish(id));
    return { live: fake.live, model, fake, ready, hasTrainer: () => fake.hasTrainer };
  };
  const finish = async (id: string) => {
    const fake = fakes.find(({ model }) => model.id === id);
    await fake?.owner.remote.events([end]);
    await fake?.live.over;
    turns.finish(id);
    await settle();
  };
  const states = () => Object.fromEntries(fakes.map(({ model }) => [model.id, model.state]));
  return { turns, state, start, finish, states, changed, calls };
}

/** Lets messages arrive. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
}

describe('turns of runs', () => {
  it('start the trainer of a run when it is its turn, and show the places of the others', async () => {
    const { turns, start, finish, states, changed } = setUp();
    const [a, b, c] = [start('a'), start('b'), start('c')];
    await settle();
    assert.deepEqual(states(), { a: 'running', b: 'waiting', c: 'waiting' });
    assert.deepEqual(
      [a, b, c].map(({ hasTrainer }) => hasTrainer()),
      [true, false, false],
    );
    assert.deepEqual(c.model.view.waits, { place: 2, until: 'slot', run: '' });
    assert.match(describeWaits(c.model.view.waits), /2/);
    turns.trainNext('c');
    assert.equal(b.model.view.waits?.place, 2);
    assert.ok(changed.includes('b'));
    await finish('a');
    assert.deepEqual(states(), { a: 'stopped', b: 'waiting', c: 'running' });
    assert.equal(c.model.view.waits, undefined);
    await finish('c');
    assert.equal(b.model.state, 'running');
  });

  it('of twenty runs at once are no more than the setting says, also when it changes', async () => {
    const { turns, state, start, finish, states } = setUp(3);
    for (let i = 0; i < 20; i++) start(`run ${i}`);
    await settle();
    const training = () => Object.values(states()).filter((each) => each === 'running').length;
    assert.deepEqual([training(), turns.waiting.length], [3, 17]);
    state.parallelRuns = 5;
    turns.refill();
    await settle();
    assert.deepEqual([training(), turns.waiting.length], [5, 15]);
    state.parallelRuns = 2;
    for (let ended = 0; ended < 20; ended++) {
      await finish(turns.training[0] ?? '');
      assert.ok(training() <= Math.max(2, 4 - ended));
    }
    assert.ok(Object.values(states()).every((each) => each === 'stopped'));
  });

  it('give the slot of a paused run away, and let it wait before it goes on', async () => {
    const { start, finish, states, calls } = setUp();
    const [a, b] = [start('a'), start('b')];
    await settle();
    await a.live.pause();
    await settle();
    assert.deepEqual(states(), { a: 'paused', b: 'running' });
    await a.live.unpause();
    assert.deepEqual([a.model.state, a.model.view.waits?.place, a.live.hasBegun], ['waiting', 1, true]);
    assert.deepEqual(calls, ['pause a'], 'the trainer of a waiting run stays paused');
    await a.live.leaveQueue();
    assert.equal(a.model.state, 'paused');
    await a.live.unpause();
    await finish('b');
    assert.deepEqual(states(), { a: 'running', b: 'stopped' });
    assert.ok(b.hasTrainer());
  });

  it('stay with a run that goes on before its pause has begun', async () => {
    const { start, states } = setUp();
    const a = start('a', {}, { pause: () => undefined, unpause: () => undefined });
    start('b');
    await settle();
    await a.live.pause();
    await a.live.unpause();
    await a.fake.owner.remote.events([{ event: 'paused', paused: true, step: 1 }]);
    await settle();
    assert.equal(states()['b'], 'waiting');
  });

  it('end for all runs at once, and begin again with those that were paused', async () => {
    const { turns, start, finish, states } = setUp(2);
    for (const id of ['a', 'b', 'c']) start(id);
    await settle();
    await turns.pauseAll();
    await settle();
    assert.deepEqual(states(), { a: 'paused', b: 'paused', c: 'waiting' });
    const d = start('d');
    assert.deepEqual([d.hasTrainer(), d.model.view.waits?.until], [false, 'continued']);
    await turns.continueAll();
    await settle();
    assert.deepEqual(states(), { a: 'running', b: 'running', c: 'waiting', d: 'waiting' });
    for (const id of ['a', 'b', 'c', 'd']) await finish(id);
    assert.deepEqual(new Set(Object.values(states())), new Set(['stopped']));
  });

  it('end for a run that is still being prepared as soon as it has begun', async () => {
    let prepared: (answer: { run: string; folder: string }) => void = () => undefined;
    const preparation = new Promise<{ run: string; folder: string }>((resolve) => {
      prepared = resolve;
    });
    const { turns, start, calls } = setUp();
    start('a', {}, { resume: async () => preparation });
    await settle();
    await turns.pauseAll();
    assert.deepEqual(calls, []);
    prepared({ run: 'a', folder: '/runs/a' });
    await settle();
    assert.deepEqual(calls, ['pause a']);
  });

  it('pass on if a run cannot begin, or is taken out of the queue, which leaves nothing behind', async () => {
    const { turns, start, states, finish } = setUp();
    const broken = start(
      'a',
      {},
      {
        resume: () => {
          throw new RangeError('The text is empty.');
        },
      },
    );
    const [b, c] = [start('b'), start('c')];
    const canceled = assert.rejects(b.ready, { name: 'StartCancelled' });
    await b.live.leaveQueue();
    await canceled;
    assert.ok(!b.hasTrainer());
    await assert.rejects(broken.ready, { name: 'RangeError' });
    await settle();
    assert.equal(c.model.state, 'running');
    assert.deepEqual([turns.training, turns.waiting], [['c'], []]);
    await finish('c');
    assert.equal(states()['c'], 'stopped');
  });

  it('follow the end of another run, whose title is shown', async () => {
    const { turns, start, finish } = setUp(2);
    const a = start('a');
    const b = start('b', { after: 'a' });
    await settle();
    assert.deepEqual(b.model.view.waits, { place: 1, until: 'end', run: a.model.view.title });
    assert.ok(!turns.startAfter('a', 'b'));
    await finish('a');
    assert.equal(b.model.state, 'running');
  });

  it('divide the processors among the runs that train together', () => {
    const { turns, start } = setUp(2, 8);
    assert.equal(turns.mostThreads, undefined);
    start('a');
    assert.equal(turns.mostThreads, undefined);
    start('b');
    assert.equal(turns.mostThreads, 4);
    start('c');
    assert.equal(turns.mostThreads, 4);
  });
});
