import './jitless.ts';
import './language.ts';
import type { VsCodeApi } from './vscodeApi.ts';

/** The object behind a page. */
interface Page {
  start(): Promise<void> | void;
  /** Shows an error that nothing else has caught, and reports it to the host. */
  fail(error: Error): void;
}

/** Creates the page in the element "root" of its document, and starts it. */
export function openPage(create: (root: HTMLElement, api: VsCodeApi) => Page): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('The document of the page has no element "root".');
  const page = create(root, acquireVsCodeApi());
  window.addEventListener('error', (event) => {
    // Benign by its specification: the observer delivers the other notifications in the next frame.
    if (event.message.startsWith('ResizeObserver loop')) return;
    page.fail(event.error instanceof Error ? event.error : new Error(event.message));
  });
  window.addEventListener('unhandledrejection', (event) => {
    page.fail(event.reason instanceof Error ? event.reason : new Error(String(event.reason)));
  });
  void page.start();
}
