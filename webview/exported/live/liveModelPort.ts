import type { Port } from '../../../src/protocol/rpc.ts';

declare global {
  /** The port to the model of the page, which the script of the model provides. */
  function acquireLiveModel(): MessagePort;
}

/** The page's end of the channel to its model. */
export function liveModelPort(): Port {
  const port = acquireLiveModel();
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.onmessage = ({ data }: MessageEvent<unknown>) => listener(data);
    },
    close: () => port.close(),
  };
}
