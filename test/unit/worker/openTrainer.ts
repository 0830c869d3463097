import { Worker } from 'node:worker_threads';
import { connect } from '../../../src/protocol/rpc.ts';
import { ownerContract, trainerContract } from '../../../src/protocol/trainer.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { workerEntry, workerPort } from '../../../src/worker/workerThread.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** A trainer in a real worker thread, and its messages. */
export function openTrainer() {
  const worker = new Worker(workerEntry);
  const events: RunEvent[] = [];
  const waiting: { isIt: (event: RunEvent) => boolean; resolve: (event: RunEvent) => void }[] = [];
  const failures: string[] = [];
  let resolveFirstPiece: () => void;
  const firstPiece = new Promise<void>((resolve) => {
    resolveFirstPiece = resolve;
  });
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
      failed: ({ message }) => void failures.push(say(message)),
      generated: () => resolveFirstPiece(),
      inspected: () => undefined,
    },
    calls: trainerContract,
    onError: (error) => {
      throw error;
    },
  });
  const next = (isIt: (event: RunEvent) => boolean) =>
    new Promise<RunEvent>((resolve) => waiting.push({ isIt, resolve }));
  return { worker, trainer: remote, events, failures, next, firstPiece };
}

/** A new trainer for every test of the suite. */
export function trainerOfTest(): () => ReturnType<typeof openTrainer> {
  let opened: ReturnType<typeof openTrainer>;
  beforeEach(() => {
    opened = openTrainer();
  });
  afterEach(async () => {
    await opened.worker.terminate();
  });
  return () => opened;
}
