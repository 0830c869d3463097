import type * as vscode from 'vscode';
import type { Port } from '../../protocol/rpc.ts';
import type { Disposable } from '../disposables.ts';

/** Port to a webview. Messages to a hidden webview are lost; its next page requests everything again. */
export function webviewPort(webview: vscode.Webview): Port {
  const listeners: Disposable[] = [];
  return {
    post: (message) => {
      void webview.postMessage(message);
    },
    onMessage: (listener) => {
      listeners.push(webview.onDidReceiveMessage(listener));
    },
    close: () => {
      for (const listener of listeners) listener.dispose();
    },
  };
}
