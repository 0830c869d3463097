import { scope as worker } from '../../../src/platform/web/browser.ts';
import { END } from '../answerCall.ts';

/** The trainer, which ends without a word when it gets the message `END`. */
const scope = globalThis as unknown as {
  addEventListener(
    type: 'message',
    listener: (event: { readonly data: unknown; stopImmediatePropagation(): void }) => void,
  ): void;
};
scope.addEventListener('message', (event) => {
  if (event.data !== END) return;
  event.stopImmediatePropagation();
  worker.close();
});
await import('../../../src/worker/webWorker.ts');
