import { join } from 'node:path';
import { say } from '../../src/phrases/phrase.ts';
import { disk } from '../../src/platform/files.ts';
import { sha256Hex } from '../../src/platform/hashing.ts';
import { startWorker } from '../../src/platform/web/threads.ts';
import type { BackendInUse, RunEvent } from '../../src/protocol/events.ts';
import { connect } from '../../src/protocol/rpc.ts';
import { type ResumeRequest, ownerContract, type StartRequest, trainerContract } from '../../src/protocol/trainer.ts';
import { workerPort } from '../../src/worker/workerThread.ts';
import { answerCall, END, served, trainerScript } from './answerCall.ts';

/** What `trainRun` does in a worker of a browser. */
export interface TrainCall {
  readonly start?: StartRequest;
  readonly resume?: ResumeRequest;
  /** Step after which the worker is ended. */
  readonly endAt?: number;
  /** Milliseconds between this step and the end of the worker. */
  readonly endAfter?: number;
  /** Whether the worker then ends by itself, without a word, if its script is `trainers/ending.ts`. */
  readonly byItself?: true;
  /** Path of the trainer's script on the server; omitted: that of the product. */
  readonly script?: string;
}

/** A run as it was left. */
export interface TrainedRun {
  readonly folder: string;
  readonly steps: number;
  /** Names and hashes of the files of the model and of the last checkpoint. */
  readonly files: Readonly<Record<string, string>>;
  readonly metrics: string;
  /** Why it did not go on; undefined for a run that ended, or was ended. */
  readonly failure: string | undefined;
  readonly backend: BackendInUse | undefined;
  /** Losses of the steps. */
  readonly losses: readonly (number | null)[];
  /** Seconds of training. */
  readonly seconds: number;
}

/** Trains a run to its end, or up to a step after which the worker is ended. */
async function trainRun(call: TrainCall): Promise<TrainedRun> {
  const { start, resume, endAt = Infinity, endAfter = 0, byItself, script } = call;
  const thread = startWorker(await asBlob(script ?? trainerScript), { program: 'trainer.js', files: served() });
  const events: RunEvent[] = [];
  let failure: string | undefined;
  const gone = new Promise<void>((resolve) => {
    thread.once('exit', () => resolve());
  });
  const ended = new Promise<void>((resolve, reject) => {
    thread.on('error', reject);
    const { remote } = connect({
      port: workerPort(thread),
      serves: ownerContract,
      functions: {
        events: (batch) => {
          events.push(...batch);
          if (batch.some((event) => event.event === 'end')) resolve();
          if (batch.some((event) => event.event === 'step' && event.step >= endAt)) setTimeout(resolve, endAfter);
        },
        failed: ({ message }) => {
          failure = say(message);
          resolve();
        },
        generated: () => undefined,
        inspected: () => undefined,
      },
      calls: trainerContract,
      onError: reject,
    });
    if (start) remote.start(start).catch(reject);
    if (resume) remote.resume(resume).catch(reject);
  });
  await ended;
  if (byItself) thread.postMessage(END);
  else await thread.terminate();
  await gone;
  const started = events.find((event) => event.event === 'start');
  if (!started) throw new Error(failure ?? 'The run has no start.');
  const steps = events.filter((event) => event.event === 'step');
  return {
    folder: started.folder,
    steps: steps.at(-1)?.step ?? 0,
    files: await hashes(join(started.folder, 'model')),
    failure,
    metrics: await disk.readText(join(started.folder, 'metrics.jsonl')),
    backend: started.backend,
    losses: steps.map(({ loss }) => loss),
    seconds: steps.at(-1)?.seconds ?? 0,
  };
}

/** A script in memory, from which the extension starts its trainers: the worker cannot load files of the extension. */
async function asBlob(script: string): Promise<string> {
  const response = await fetch(script);
  return URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await disk.list(folder).catch(() => []);
  const names = entries.map(({ name }) => name).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, sha256Hex(await disk.read(join(folder, name)))] as const)),
  );
}

answerCall(trainRun);
