import type { TrainerHolder } from './holder.ts';
import { textOf } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/**
 * A holder whose trainer starts once `known` is resolved. Messages posted before are queued. If it is killed before,
 * the trainer never starts.
 * @param known a rejection ends the trainer with its message
 */
export function startDeferred<T>(known: Promise<T>, start: (known: T) => TrainerHolder): TrainerHolder {
  let holder: TrainerHolder | undefined;
  let over = false;
  const waiting: ((started: TrainerHolder) => void)[] = [];
  const exitListeners: ((reason: Text) => void)[] = [];
  const whenStarted = (act: (started: TrainerHolder) => void) => {
    if (holder) act(holder);
    else waiting.push(act);
  };
  const end = (reason: Text) => {
    if (over) return;
    over = true;
    for (const listener of exitListeners) listener(reason);
  };

  known
    .then((value) => {
      if (over) return;
      holder = start(value);
      holder.onExit(end);
      for (const act of waiting) act(holder);
    })
    .catch((error: unknown) => end(phrase('The trainer could not be started. {0}', textOf(error))));

  return {
    get pid() {
      return holder?.pid;
    },
    port: {
      post: (message) => whenStarted(({ port }) => port.post(message)),
      onMessage: (listener) => whenStarted(({ port }) => port.onMessage(listener)),
      close: () => whenStarted(({ port }) => port.close()),
    },
    onExit: (listener) => {
      exitListeners.push(listener);
    },
    kill: () => {
      if (holder) holder.kill();
      else end(phrase('The trainer was ended before it had started.'));
    },
  };
}
