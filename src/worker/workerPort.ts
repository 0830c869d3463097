import type { Thread, ThreadPort } from '../platform/threads.ts';
import type { Port } from '../protocol/rpc.ts';

/** A port over either end of a worker thread. */
export function workerPort(end: ThreadPort | Thread): Port {
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
