import type { Port } from '../../protocol/rpc.ts';

/** What a thread of Node and a worker of a browser have. */
interface Messages {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  removeAllListeners(event: 'message'): unknown;
}

/** The owner's end of the connection to a thread. */
export function threadPort(thread: Messages): Port {
  return {
    post: (message) => thread.postMessage(message),
    onMessage: (listener) => {
      thread.on('message', listener);
    },
    close: () => {
      thread.removeAllListeners('message');
    },
  };
}
