import type { MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../protocol/rpc.ts';

/** A port over either end of a worker thread. */
export function workerPort(end: MessagePort | Worker): Port {
  return {
    post: (message) => end.postMessage(message),
    onMessage: (listener) => {
      end.on('message', listener);
    },
    close: () => {
      end.removeAllListeners('message');
    },
  };
}
