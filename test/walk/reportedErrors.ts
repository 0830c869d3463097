import type { Workbench } from '../harness/workbench.ts';

/** Errors that notifications of the workbench have shown, kept in its window. */
const SHOWN = '__shownErrors';

/** Script that collects the texts of error notifications, even of those that disappear again. */
const watch = `(() => {
  if (window.${SHOWN}) return;
  const shown = (window.${SHOWN} = new Set());
  const look = () => {
    for (const item of document.querySelectorAll('.notification-list-item'))
      if (item.querySelector('.codicon-error')) shown.add(item.innerText);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})()`;

/** Benign by its specification: the observer delivers the other notifications in the next frame. */
const BENIGN = /^ResizeObserver loop/;

/** Errors that a user of the workbench would see, or find in the console: notifications and uncaught errors. */
export class ReportedErrors {
  readonly #workbench: Workbench;
  readonly #uncaught: string[] = [];

  private constructor(workbench: Workbench) {
    this.#workbench = workbench;
    workbench.page.on('pageerror', (error) => {
      if (!BENIGN.test(error.message)) this.#uncaught.push(error.stack ?? error.message);
    });
    workbench.page.on('console', (message) => {
      if (message.type() === 'error' && message.location().url.includes('/extensions/'))
        this.#uncaught.push(`${message.location().url}: ${message.text()}`);
    });
  }

  /** Collects the errors from now on. */
  static async of(workbench: Workbench): Promise<ReportedErrors> {
    const errors = new ReportedErrors(workbench);
    await workbench.page.evaluate(watch);
    return errors;
  }

  /** Returns the errors since the last call. */
  async take(): Promise<string[]> {
    const shown = await this.#workbench.page.evaluate<string[]>(`(() => {
      const shown = [...window.${SHOWN}];
      window.${SHOWN}.clear();
      return shown;
    })()`);
    return [...shown, ...this.#uncaught.splice(0)];
  }
}
