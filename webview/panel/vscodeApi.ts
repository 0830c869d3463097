import type { Port } from '../../src/protocol/rpc.ts';

/** The one object through which a webview reaches VS Code. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  /** Given by VS Code to every webview; may be called once. */
  function acquireVsCodeApi(): VsCodeApi;
}

/** The webview's end of the message channel to the extension host. */
export function webviewPort(api: VsCodeApi): Port {
  const closed = new AbortController();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data), { signal: closed.signal }),
    close: () => closed.abort(),
  };
}
