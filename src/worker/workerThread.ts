import type { Port } from '../protocol/rpc.ts';

/** The program of a worker thread: the bundle next to this one, or the source when the code runs unbundled. */
export const workerEntry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './trainer.js', import.meta.url);

/** The program of a process that hosts such a thread. */
export const processEntry = new URL(
  import.meta.url.endsWith('.ts') ? './process.ts' : './trainerProcess.js',
  import.meta.url,
);

/** Message to a thread whose owner has ended, and sends no others. */
export const OWNER_ENDED = 'owner-ended';

/** Either end of the connection between a thread and its owner. */
interface ThreadEnd {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  removeAllListeners(event: 'message'): unknown;
}

/** A port over either end of a worker thread. */
export function workerPort(end: ThreadEnd): Port {
  return {
    post: (message) => end.postMessage(message),
    onMessage: (listener) => {
      end.on('message', (message) => {
        if (message !== OWNER_ENDED) listener(message);
      });
    },
    close: () => {
      end.removeAllListeners('message');
    },
  };
}
