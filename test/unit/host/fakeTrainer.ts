import assert from 'node:assert/strict';
import { LiveRun, type Turn } from '../../../src/host/runs/liveRun.ts';
import { TrainerClient, type TrainerListener } from '../../../src/host/trainerClient/trainerClient.ts';
import { connect, type Connection, type Port } from '../../../src/protocol/rpc.ts';
import { ownerContract, trainerContract, type TrainerFunctions } from '../../../src/protocol/trainer.ts';
import { newModel } from './examples.ts';

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
  evaluate: () => ({ measures: {}, summary: '', skipped: [] }),
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

/** Turn of a run that never waits. */
export const AT_ONCE: Turn = {
  request: (begin) => begin(),
  requestAgain: (begin) => begin(),
  release: () => undefined,
  withdraw: () => undefined,
};

/** A live run with a fake trainer that the test controls. */
export function liveRun(functions: Partial<TrainerFunctions> = {}, turn = AT_ONCE, model = newModel()) {
  const [ownerEnd, trainerEnd] = portPair();
  let owner: Connection<typeof ownerContract> | undefined;
  let gone: (reason: string) => void = () => undefined;
  const heard = { ended: 0, killed: 0, errors: [] as Error[] };
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
        onExit: (listener) => {
          gone = listener;
        },
        kill: () => {
          heard.killed++;
          gone('The trainer was killed.');
        },
      },
      listener,
    );
  };
  const listener = {
    changed: () => undefined,
    ended: () => heard.ended++,
    error: (error: Error) => heard.errors.push(error),
  };
  const live = new LiveRun(model, startTrainer, listener, turn);
  const begin = () =>
    live.begin((remote) =>
      remote.resume({ folder: model.folder, changes: {}, backends: { home: '', tensorflowPath: '', wideSimd: false } }),
    );
  return {
    live,
    model,
    heard,
    begin,
    /** The trainer's end. @throws Error before the trainer has started */
    get owner() {
      assert.ok(owner, 'the trainer has not started');
      return owner;
    },
    get hasTrainer() {
      return owner !== undefined;
    },
    die: (reason: string) => gone(reason),
  };
}

/** The end of a run that the user has stopped. */
export const end = {
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
