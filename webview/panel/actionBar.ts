import { button, h } from '../dom.ts';
import type { RunAction, RunView } from '../../src/protocol/panel.ts';
import { actionsOf, allActions } from './describeRun.ts';

/** Buttons for the actions that the run's state allows. They are disabled while an action is running. */
export class ActionBar {
  readonly element = h('div', { class: 'actions', role: 'group', 'aria-label': 'Run' });
  readonly #buttons: ReadonlyMap<RunAction, HTMLButtonElement>;
  readonly #act: (action: RunAction) => Promise<void>;
  #shown: readonly HTMLButtonElement[] = [];
  #busy = false;

  /** @param act runs an action; handles its own errors */
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

  /** Shows the buttons for a run. If the focused button disappears, the first button gets the focus. */
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
    if (this.#busy) return;
    this.#setBusy(true);
    await this.#act(action);
    this.#setBusy(false);
  }

  /** Sets `aria-disabled`, because `disabled` would remove the focus. */
  #setBusy(busy: boolean): void {
    this.#busy = busy;
    for (const one of this.#buttons.values()) one.setAttribute('aria-disabled', String(busy));
  }
}
