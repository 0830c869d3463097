import { button, h } from '../dom.ts';
import type { RunAction, RunView } from '../../src/protocol/panel.ts';
import { actionsOf, allActions } from './describeRun.ts';

/** The buttons that fit the run's state. While one is being carried out, the others wait. */
export class ActionBar {
  readonly element = h('div', { class: 'actions', role: 'group', 'aria-label': 'Run' });
  readonly #buttons: ReadonlyMap<RunAction, HTMLButtonElement>;
  readonly #act: (action: RunAction) => Promise<void>;
  #shown: readonly HTMLButtonElement[] = [];
  #waiting = false;

  /** `act` carries an action out and has dealt with its failure when it resolves. */
  constructor(act: (action: RunAction) => Promise<void>) {
    this.#act = act;
    this.#buttons = new Map(
      allActions.map(({ action, label, title, primary = false }) => [
        action,
        button(
          label,
          { title, class: primary ? 'primary' : '', 'data-action': action },
          () => void this.#press(action),
        ),
      ]),
    );
  }

  /** Keeps the keyboard's place: where the button with the focus goes away, the first one takes it over. */
  show(run: RunView): void {
    const shown = actionsOf(run)
      .map(({ action }) => this.#buttons.get(action))
      .filter((one) => one !== undefined);
    if (shown.length === this.#shown.length && shown.every((one, index) => one === this.#shown[index])) return;
    this.#shown = shown;
    const focused = document.activeElement;
    const hadFocus = this.element.contains(focused);
    this.element.replaceChildren(...shown);
    if (hadFocus) (shown.find((one) => one === focused) ?? shown[0])?.focus();
  }

  async #press(action: RunAction): Promise<void> {
    if (this.#waiting) return;
    this.#wait(true);
    await this.#act(action);
    this.#wait(false);
  }

  /** Not `disabled`, which would throw the focus away. */
  #wait(waiting: boolean): void {
    this.#waiting = waiting;
    for (const one of this.#buttons.values()) one.setAttribute('aria-disabled', String(waiting));
  }
}
