import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { connect } from '../../../src/protocol/rpc.ts';
import { ownerContract, trainerContract } from '../../../src/protocol/trainer.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { workerEntry } from '../../../src/trainer/workerEntry.ts';
import { workerPort } from '../../../src/trainer/workerPort.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from './fixture.ts';

/** A trainer in a real worker thread, and what it has sent. */
function openTrainer() {
  const worker = new Worker(workerEntry);
  const events: RunEvent[] = [];
  const waiting: { isIt: (event: RunEvent) => boolean; resolve: (event: RunEvent) => void }[] = [];
  const failures: string[] = [];
  const { remote } = connect({
    port: workerPort(worker),
    serves: ownerContract,
    functions: {
      events: (batch) => {
        for (const event of batch) {
          events.push(event);
          for (const wait of waiting) if (wait.isIt(event)) wait.resolve(event);
        }
      },
      failed: ({ message }) => void failures.push(message),
      generated: () => undefined,
    },
    calls: trainerContract,
    onError: (error) => {
      throw error;
    },
  });
  const next = (isIt: (event: RunEvent) => boolean) => new Promise<RunEvent>((resolve) => waiting.push({ isIt, resolve }));
  return { worker, trainer: remote, events, failures, next };
}

describe('trainer in a worker thread', function () {
  this.timeout(60_000);
  const home = temporaryFolder();
  let opened: ReturnType<typeof openTrainer>;
  beforeEach(() => {
    opened = openTrainer();
  });
  afterEach(async () => {
    await opened.worker.terminate();
  });

  it('trains, and sends every step once and in order', async () => {
    const { trainer, events, next, failures } = opened;
    const ended = next(({ event }) => event === 'end');
    const { run } = await trainer.start(request(home()));
    const end = await ended;
    assert.ok(end.event === 'end' && end.run === run && end.reason === 'completed');
    assert.deepEqual(events.flatMap((event) => (event.event === 'step' ? event.step : [])), Array.from({ length: 30 }, (_, index) => index + 1));
    assert.equal(events[0]?.event, 'start');
    assert.deepEqual(failures, []);
  });

  it('answers pause, unpause and stop while it trains', async () => {
    const { trainer, next } = opened;
    await trainer.start(request(home(), { training: { steps: 100_000 } }));
    const paused = next((event) => event.event === 'paused' && event.paused);
    await trainer.pause();
    await paused;
    const unpaused = next((event) => event.event === 'paused' && !event.paused);
    await trainer.unpause();
    await unpaused;
    const end = next(({ event }) => event === 'end');
    await trainer.stop();
    const event = await end;
    assert.ok(event.event === 'end' && event.reason === 'stopped');
  });

  it('rejects bad input at the caller with its code, and can then start another run', async () => {
    const { trainer, next } = opened;
    await assert.rejects(trainer.start(request(home(), {}, '')), { name: 'InputError', code: 'empty' });
    await assert.rejects(trainer.pause(), /No run is being trained/);
    const ended = next(({ event }) => event === 'end');
    await trainer.start(request(home()));
    await assert.rejects(trainer.start(request(home())), /already trains a run/);
    await ended;
  });

  it('lists every backend with a device or a reason', async () => {
    const reports = await opened.trainer.listBackends({ home: home(), tensorflowPath: '/nowhere', wideSimd: false });
    const reference = reports.find(({ name }) => name === 'reference');
    assert.deepEqual([reference?.loads, reference?.device], [true, 'CPU, 1 thread']);
    const tensorflow = reports.find(({ name }) => name === 'tensorflow');
    assert.equal(tensorflow?.loads, false);
    assert.match(tensorflow?.reason ?? '', /there is no @tensorflow\/tfjs-node in \/nowhere/);
  });
});
