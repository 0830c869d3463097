/** Hands on what nobody has caught. */
export function reportErrors(report: (error: Error) => void): void {
  window.addEventListener('error', (event) => {
    // Benign by its specification: the observer delivers the rest in the next frame. It carries no error object.
    if (event.message.startsWith('ResizeObserver loop')) return;
    report(event.error instanceof Error ? event.error : new Error(event.message));
  });
  window.addEventListener('unhandledrejection', (event) => {
    report(event.reason instanceof Error ? event.reason : new Error(String(event.reason)));
  });
}
