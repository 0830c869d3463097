/** API of VS Code inside a webview. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  /** Provided by VS Code in every webview; may be called only once. */
  function acquireVsCodeApi(): VsCodeApi;
}
