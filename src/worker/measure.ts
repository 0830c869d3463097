import * as z from 'zod';
import type { Backend, BackendEnvironment } from '../backends/backend.ts';
import { backendNamed } from '../backends/registry.ts';
import { startProcess, startThread } from '../platform/threads.ts';
import { type StepShape, stepShape } from './stepShape.ts';
import { taskKinds } from './tasks/registry.ts';
import { processEntry, workerEntry } from './workerThread.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, type Text, text } from '../phrases/phrase.ts';

/** Minimum total duration of the timed steps, in milliseconds. */
const MIN_MEASURED_MS = 100;

/** The data of the temporary worker. */
export const measureTask = z.object({
  measure: z.string(),
  shape: stepShape,
  environment: z.object({
    home: z.string(),
    tensorflowPath: z.string(),
    threads: z.int(),
    wideSimd: z.boolean(),
    ownProcess: z.boolean(),
  }),
});

const answer = z.union([z.object({ milliseconds: z.number() }), z.object({ reason: text })]);

/** A backend's time for one step, or the reason why there is none. */
export type Measurement = { readonly milliseconds: number } | { readonly reason: Text };

/**
 * Times one training step of a backend in a temporary worker thread, or in a temporary process if the backend requires
 * one: a backend that hangs or crashes cannot affect the run, and its memory is freed.
 * @param limit milliseconds after which the measurement is cancelled
 */
export async function measureStep(
  backend: Backend,
  shape: StepShape,
  { home, tensorflowPath, threads = 0, wideSimd = false }: BackendEnvironment,
  limit: number,
): Promise<Measurement> {
  const environment = { home, tensorflowPath, threads, wideSimd, ownProcess: backend.ownProcess === true };
  const task: z.input<typeof measureTask> = { measure: backend.name, shape: { ...shape }, environment };
  const holder = backend.ownProcess ? inProcess(task) : inThread(task);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooSlow = new Promise<Measurement>((resolve) => {
    timer = setTimeout(() => resolve({ reason: phrase('slower than {0} ms', Math.round(limit)) }), limit);
  });
  try {
    return await Promise.race([holder.measured, tooSlow]);
  } finally {
    clearTimeout(timer);
    await holder.end();
  }
}

/** A thread or process that times a step. */
interface Holder {
  readonly measured: Promise<Measurement>;
  end(): unknown;
}

function inThread(task: z.input<typeof measureTask>): Holder {
  const worker = startThread(workerEntry, { workerData: task });
  const measured = new Promise<Measurement>((resolve) => {
    worker.once('message', (message) => resolve(answer.parse(message)));
    worker.once('error', (error) => resolve({ reason: error.message }));
    worker.once('exit', (code) => resolve({ reason: phrase('its thread ended with code {0}', code) }));
  });
  return { measured, end: () => worker.terminate() };
}

function inProcess(task: z.input<typeof measureTask>): Holder {
  const child = startProcess(processEntry, [JSON.stringify(task)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const measured = new Promise<Measurement>((resolve) => {
    child.once('message', (message) => resolve(answer.parse(message)));
    child.once('error', (error) => resolve({ reason: error.message }));
    child.once('exit', (code, signal) =>
      resolve({ reason: phrase('its process ended ({0})', signal ?? phrase('exit code {0}', code ?? 'null')) }),
    );
  });
  return { measured, end: () => child.kill('SIGKILL') };
}

/**
 * The worker's part: loads the backend, runs a first step, and then times several steps if they are short. Returns the
 * shortest time.
 */
export async function measureHere(task: z.output<typeof measureTask>): Promise<Measurement> {
  try {
    const { software } = await backendNamed(task.measure).load(task.environment);
    if (software) return { reason: phrase('it is a software adapter') };
  } catch (error) {
    return { reason: textOf(error) };
  }
  const trainer = taskKinds[task.shape.task].timedLoop(task.shape);
  await trainer.step(1e-3, { clipNorm: 1, clipValue: 0 });
  let fastest = Infinity;
  let spent = 0;
  while (spent < MIN_MEASURED_MS) {
    const before = performance.now();
    await trainer.step(1e-3, { clipNorm: 1, clipValue: 0 });
    const time = performance.now() - before;
    fastest = Math.min(fastest, time);
    spent += time;
  }
  return { milliseconds: fastest };
}
