import type * as vscode from 'vscode';
import type { Port } from '../../protocol/rpc.ts';
import type { Disposable } from '../disposables.ts';

/** A port over a webview. Messages to a hidden one are lost, as its page is; it asks for everything when it is back. */
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
