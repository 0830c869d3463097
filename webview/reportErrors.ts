/** Reports uncaught errors and unhandled rejections of the page. */
export function reportErrors(report: (error: Error) => void): void {
  window.addEventListener('error', (event) => {
    // Benign by its specification: the observer delivers the other notifications in the next frame.
    if (event.message.startsWith('ResizeObserver loop')) return;
    report(event.error instanceof Error ? event.error : new Error(event.message));
  });
  window.addEventListener('unhandledrejection', (event) => {
    report(event.reason instanceof Error ? event.reason : new Error(String(event.reason)));
  });
}
