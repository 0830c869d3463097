import { join } from 'node:path';
import { say } from '../../src/phrases/phrase.ts';
import { disk } from '../../src/platform/files.ts';
import { sha256Hex } from '../../src/platform/hashing.ts';
import { startWorker } from '../../src/platform/web/threads.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { connect } from '../../src/protocol/rpc.ts';
import { type ResumeRequest, ownerContract, type StartRequest, trainerContract } from '../../src/protocol/trainer.ts';
import { workerPort } from '../../src/worker/workerThread.ts';
import { answerCall, served, trainerScript } from './answerCall.ts';

/** What `trainRun` does in a worker of a browser. */
export type TrainCall = { readonly start: StartRequest; readonly endAt?: number } | { readonly resume: ResumeRequest };

/** A run as it was left. */
export interface TrainedRun {
  readonly folder: string;
  readonly steps: number;
  /** Names and hashes of the files of the model and of the last checkpoint. */
  readonly files: Readonly<Record<string, string>>;
  readonly metrics: string;
  readonly simd: string | undefined;
  /** Seconds of training. */
  readonly seconds: number;
}

/** Trains a run to its end, or up to a step after which the worker is ended. */
async function trainRun(call: TrainCall): Promise<TrainedRun> {
  const thread = startWorker(trainerScript, { program: 'trainer.js', files: served() });
  const events: RunEvent[] = [];
  const endAt = 'start' in call ? (call.endAt ?? Infinity) : Infinity;
  const ended = new Promise<void>((resolve, reject) => {
    thread.on('error', reject);
    const { remote } = connect({
      port: workerPort(thread),
      serves: ownerContract,
      functions: {
        events: (batch) => {
          events.push(...batch);
          if (batch.some((event) => event.event === 'end' || (event.event === 'step' && event.step >= endAt)))
            resolve();
        },
        failed: ({ message }) => reject(new Error(say(message))),
        generated: () => undefined,
        inspected: () => undefined,
      },
      calls: trainerContract,
      onError: reject,
    });
    const opened = 'start' in call ? remote.start(call.start) : remote.resume(call.resume);
    opened.catch(reject);
  });
  await ended;
  await thread.terminate();
  const started = events.find((event) => event.event === 'start');
  if (!started) throw new Error('The run has no start.');
  const steps = events.filter((event) => event.event === 'step');
  return {
    folder: started.folder,
    steps: steps.at(-1)?.step ?? 0,
    files: await hashes(join(started.folder, 'model')),
    metrics: await disk.readText(join(started.folder, 'metrics.jsonl')),
    simd: started.backend?.simd,
    seconds: steps.at(-1)?.seconds ?? 0,
  };
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await disk.list(folder).catch(() => []);
  const names = entries.map(({ name }) => name).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, sha256Hex(await disk.read(join(folder, name)))] as const)),
  );
}

answerCall(trainRun);
