import './noEval.ts';
import { Panel } from './panel.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The panel\'s document has no element "root".');
const panel = new Panel(root, acquireVsCodeApi());

window.addEventListener('error', (event) => {
  // Benign by its specification: the observer delivers the rest in the next frame. It carries no error object.
  if (event.message.startsWith('ResizeObserver loop')) return;
  panel.fail(event.error instanceof Error ? event.error : new Error(event.message));
});
window.addEventListener('unhandledrejection', (event) => {
  panel.fail(event.reason instanceof Error ? event.reason : new Error(String(event.reason)));
});

void panel.start();
