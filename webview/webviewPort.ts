import type { Port } from '../src/protocol/rpc.ts';
import type { VsCodeApi } from './vscodeApi.ts';

/** The webview's end of the message channel to the extension host. */
export function webviewPort(api: VsCodeApi): Port {
  const closed = new AbortController();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data), {
        signal: closed.signal,
      }),
    close: () => closed.abort(),
  };
}
