import type { RemoteTrainer } from '../../protocol/trainer.ts';
import type { TrainerOptions } from './holder.ts';
import { TrainerClient } from './trainerClient.ts';
import { PhrasedError } from '../../phrases/phrase.ts';

export interface TrainerQuestion<T> {
  readonly ask: (remote: RemoteTrainer) => Promise<T>;
  /** Receives the pieces of a generated text. */
  readonly onGenerated?: (text: string) => void;
  /** Receives the fraction of an inspection that is done. */
  readonly onInspected?: (share: number) => void;
  /** Ends the trainer, and rejects the request, when it is aborted. */
  readonly signal?: AbortSignal;
  readonly onError: (error: Error) => void;
}

/** Starts a trainer for one request and ends it afterwards. @throws the trainer's error, or TrainerDeath */
export async function askTrainer<T>(
  options: TrainerOptions,
  { ask, onGenerated, onInspected, signal, onError }: TrainerQuestion<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const trainer = TrainerClient.start(options, {
    events: () => undefined,
    failed: ({ message }) => onError(new PhrasedError(message)),
    generated: (text) => onGenerated?.(text),
    inspected: (share) => onInspected?.(share),
    // The pending request was rejected with the same reason.
    died: () => undefined,
    error: onError,
  });
  const end = () => void trainer.dispose();
  signal?.addEventListener('abort', end);
  try {
    return await ask(trainer.remote);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
    await trainer.dispose();
  }
}
