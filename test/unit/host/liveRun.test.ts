import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { LiveRun, STEP_GRACE_MS } from '../../../src/host/runs/liveRun.ts';
import { TrainerClient, type TrainerListener } from '../../../src/host/trainerClient/trainerClient.ts';
import { connect, type Connection, type Port } from '../../../src/protocol/rpc.ts';
import { ownerContract, trainerContract, type TrainerFunctions } from '../../../src/protocol/trainer.ts';
import { newModel, startEvent, stepEvent } from './examples.ts';
import { assertNames } from '../../harness/facts.ts';

/** Two ports that exchange messages through the event loop. */
function portPair(): [Port, Port] {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const port = (own: 0 | 1): Port => ({
    post: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => listeners[own === 0 ? 1 : 0].forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => {
      listeners[own].push(listener);
    },
    close: () => {
      listeners[own].length = 0;
    },
  });
  return [port(0), port(1)];
}

const answers = { run: 'r', folder: '/runs/r' };
const unexpected = (): never => assert.fail('unexpected request');
const obedient: TrainerFunctions = {
  start: () => answers,
  repeat: () => answers,
  resume: () => answers,
  pause: () => undefined,
  unpause: () => undefined,
  stop: () => undefined,
  interrupt: () => undefined,
  sample: () => undefined,
  generate: () => [],
  cancelGeneration: () => undefined,
  openRun: unexpected,
  probe: unexpected,
  inspect: unexpected,
  readLogged: unexpected,
  activationMap: unexpected,
  unitRoles: unexpected,
  unitTraces: unexpected,
  connectivity: unexpected,
  explainStep: unexpected,
  explainGradient: unexpected,
  course: unexpected,
  firings: unexpected,
  describeWriter: unexpected,
  beginGeneration: unexpected,
  nextGenerated: unexpected,
  cancelGenerated: unexpected,
  openRows: unexpected,
  rowAt: unexpected,
  inspectData: unexpected,
  storedText: unexpected,
  workBagOfWords: unexpected,
  inferHmm: unexpected,
  estimateHmm: unexpected,
  workPadding: unexpected,
  workConstruction: unexpected,
  probeUntrainedModel: unexpected,
  workPipeline: unexpected,
  workOrder: unexpected,
  compareWeights: unexpected,
  compareReadings: unexpected,
  exportModel: unexpected,
  restoreModel: unexpected,
  passageArrays: unexpected,
  listBackends: () => [],
  exportPortable: () => [],
  recognizeModel: () => ({ state: 'ambiguous', choice: 'output', modules: [] }),
  importModel: () => ({ folder: '', id: '' }),
};

/** A live run with a fake trainer that the test controls. */
function liveRun(functions: Partial<TrainerFunctions> = {}) {
  const [ownerEnd, trainerEnd] = portPair();
  let owner: Connection<typeof ownerContract> | undefined;
  let gone: (reason: string) => void = () => undefined;
  const heard = { ended: 0, killed: 0, errors: [] as Error[] };
  const model = newModel();
  const startTrainer = (listener: TrainerListener) => {
    owner = connect({
      port: trainerEnd,
      serves: trainerContract,
      functions: { ...obedient, ...functions },
      calls: ownerContract,
      onError: (error) => heard.errors.push(error),
    });
    return new TrainerClient(
      {
        port: ownerEnd,
        pid: undefined,
        onExit: (told) => {
          gone = told;
        },
        kill: () => {
          heard.killed++;
          gone('The trainer was killed.');
        },
      },
      listener,
    );
  };
  const live = new LiveRun(model, startTrainer, {
    changed: () => undefined,
    ended: () => heard.ended++,
    error: (error) => heard.errors.push(error),
  });
  const begin = () =>
    live.begin((remote) =>
      remote.resume({ folder: model.folder, changes: {}, backends: { home: '', tensorflowPath: '', wideSimd: false } }),
    );
  return {
    live,
    model,
    heard,
    begin,
    owner: owner!,
    die: (reason: string) => gone(reason),
  };
}

const end = {
  event: 'end',
  run: 'r',
  reason: 'stopped',
  trainLoss: 1,
  validationLoss: 1,
  bestValidationLoss: 1,
  bestStep: 2,
  verdict: 'healthy',
  solved: null,
  steps: 2,
  seconds: 1,
  backend: 'reference',
} as const;

describe('LiveRun', () => {
  it('applies the events of its trainer to its model until the end', async () => {
    const { live, model, heard, begin, owner } = liveRun();
    await begin();
    await owner.remote.events([startEvent(), stepEvent(1)]);
    await turn();
    assert.equal(model.state, 'running');
    await owner.remote.events([stepEvent(2), end]);
    await live.over;
    await turn();
    assert.equal(model.state, 'stopped');
    assert.deepEqual([heard.ended, heard.killed], [1, 1]);
  });

  it('rejects if a run cannot start, and ends the trainer', async () => {
    const { begin, heard, live } = liveRun({
      resume: () => {
        throw new RangeError('The text is empty.');
      },
    });
    await assert.rejects(begin(), { name: 'RangeError', message: 'The text is empty.' });
    await live.over;
    assert.deepEqual([heard.ended, heard.killed], [0, 1]);
  });

  it('fails with the reason if its trainer dies', async () => {
    const { begin, die, model, heard, live } = liveRun({ pause: () => new Promise(() => undefined) });
    await begin();
    const pausing = assert.rejects(live.pause(), /out of memory/);
    die('The process ended: out of memory.');
    await pausing;
    await live.over;
    await turn();
    assert.equal(model.state, 'failed');
    assert.equal(model.view.message, 'The process ended: out of memory.');
    assert.equal(heard.ended, 1);
  });

  it('fails with the reason if its trainer reports a failure', async () => {
    const { begin, owner, model, live } = liveRun();
    await begin();
    await owner.remote.failed({ message: 'The disk is full.' });
    await live.over;
    assert.equal(model.view.message, 'The disk is full.');
    assert.equal(model.state, 'failed');
  });

  it('is cancelled if it is stopped before it is ready', async () => {
    const { begin, live, heard } = liveRun({ resume: () => new Promise(() => undefined) });
    const beginning = assert.rejects(begin(), { name: 'StartCancelled' });
    await live.stop();
    await beginning;
    assert.equal(heard.ended, 0);
  });

  it('tells its trainer whether the user stops it or the window closes', async () => {
    const asked: string[] = [];
    const trainer = {
      stop: async () => void asked.push('stop'),
      interrupt: async () => void asked.push('interrupt'),
    };
    for (const because of ['user', 'window'] as const) {
      const { begin, live, owner } = liveRun(trainer);
      await begin();
      await live.stop(because);
      await owner.remote.events([end]);
      await live.over;
    }
    assert.deepEqual(asked, ['stop', 'interrupt']);
  });

  describe('with a step that does not end', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
    afterEach(() => mock.timers.reset());

    it('ends its trainer after two seconds', async () => {
      const { begin, live, model, heard } = liveRun({ stop: () => new Promise(() => undefined) });
      await begin();
      const stopping = live.stop();
      mock.timers.tick(STEP_GRACE_MS - 1);
      await turn();
      assert.equal(heard.killed, 0);
      mock.timers.tick(1);
      await stopping;
      await live.over;
      assert.equal(model.state, 'interrupted');
      assertNames(model.view.message ?? '', `${STEP_GRACE_MS / 1000} s`);
    });

    it('gets time to save after it has answered', async () => {
      const { begin, live, heard, owner, model } = liveRun();
      await begin();
      await live.stop();
      mock.timers.tick(STEP_GRACE_MS + 1);
      await turn();
      assert.equal(heard.killed, 0);
      await owner.remote.events([end]);
      await live.over;
      assert.equal(model.state, 'stopped');
    });
  });
});
