import type { Trainers } from '../../agents/context.ts';
import type { BackendOptions } from '../../protocol/trainer.ts';
import { ClassifierProcess, TrainerProcess } from '../trainerProcess.ts';

/** Answers each question in a process, which ends with the answer, so that the server stays responsive. */
export function processTrainers(backends: BackendOptions): Trainers {
  return {
    ask: async ({ ask, threads, signal, onInspected }) =>
      answered(new TrainerProcess(threads, { onInspected }), signal, async ({ remote }) => ask(remote, backends)),
    classify: async ({ ask, signal }) =>
      answered(new ClassifierProcess(), signal, async ({ remote }) => ask(remote, backends)),
  };
}

interface Answering {
  close(): Promise<void>;
  kill(): void;
}

/** The answer of a process, which is ended. @throws the reason of an aborted signal */
async function answered<Of extends Answering, T>(
  child: Of,
  signal: AbortSignal,
  ask: (child: Of) => Promise<T>,
): Promise<T> {
  const kill = () => child.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  try {
    return await ask(child);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
    await child.close();
  }
}
