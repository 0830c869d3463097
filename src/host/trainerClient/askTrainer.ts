import type { RemoteTrainer } from '../../protocol/trainer.ts';
import type { TrainerOptions } from './holder.ts';
import { TrainerClient } from './trainerClient.ts';
import { PhrasedError } from '../../phrases/phrase.ts';

export interface TrainerQuestion<T> {
  readonly ask: (remote: RemoteTrainer) => Promise<T>;
  /** Receives the pieces of a generated text. */
  readonly onGenerated?: (text: string) => void;
  readonly onError: (error: Error) => void;
}

/** Starts a trainer for one request and ends it afterwards. @throws the trainer's error, or TrainerDeath */
export async function askTrainer<T>(
  options: TrainerOptions,
  { ask, onGenerated, onError }: TrainerQuestion<T>,
): Promise<T> {
  const trainer = TrainerClient.start(options, {
    events: () => undefined,
    failed: ({ message }) => onError(new PhrasedError(message)),
    generated: (text) => onGenerated?.(text),
    // The pending request was rejected with the same reason.
    died: () => undefined,
    error: onError,
  });
  try {
    return await ask(trainer.remote);
  } finally {
    await trainer.dispose();
  }
}
