import * as l10n from '@vscode/l10n';
import { button, h } from '../dom.ts';
import { Popover } from '../popover.ts';
import type { RunAction, RunView } from '../../src/protocol/panel.ts';
import { type ActionButton, actionsOf, allActions } from './describeRun.ts';

/**
 * Buttons for the actions that the run's state allows, the less frequent ones in a menu. They are disabled while an
 * action is running.
 */
export class ActionBar {
  readonly element = h('div', { class: 'actions', role: 'group', 'aria-label': l10n.t('Run') });
  readonly #buttons: ReadonlyMap<ActionButton, HTMLButtonElement>;
  readonly #more = h('button', { type: 'button', class: 'more', title: l10n.t('More actions') }, '\u2026');
  readonly #menu = new Popover(this.#more, 'menu');
  readonly #act: (action: RunAction) => Promise<void>;
  #shown: readonly ActionButton[] = [];
  #busy = false;

  /** @param act runs an action; handles its own errors */
  constructor(act: (action: RunAction) => Promise<void>) {
    this.#act = act;
    this.#more.setAttribute('aria-label', l10n.t('More actions'));
    this.#menu.element.setAttribute('role', 'group');
    this.#menu.element.setAttribute('aria-label', l10n.t('More actions'));
    this.#buttons = new Map(
      allActions.map((one) => [
        one,
        button(
          one.label,
          { title: one.title, class: one.primary ? 'primary' : '', 'data-action': one.action },
          () => void this.#press(one.action),
        ),
      ]),
    );
  }

  /** Shows the buttons for a run at a step. If the focused button disappears, the first button gets the focus. */
  show(run: RunView, step: number): void {
    const shown = actionsOf(run, step);
    if (shown.length === this.#shown.length && shown.every((one, index) => one === this.#shown[index])) return;
    this.#shown = shown;
    const focused = document.activeElement;
    const hadFocus = this.element.contains(focused);
    const inMenu = this.#buttonsOf(shown.filter((one) => one.inMenu));
    const direct = this.#buttonsOf(shown.filter((one) => !one.inMenu));
    this.#menu.element.replaceChildren(...inMenu);
    this.element.replaceChildren(...direct, ...(inMenu.length === 0 ? [] : [this.#more, this.#menu.element]));
    if (hadFocus) (direct.find((one) => one === focused) ?? direct[0])?.focus();
  }

  #buttonsOf(actions: readonly ActionButton[]): HTMLButtonElement[] {
    return actions.map((one) => this.#buttons.get(one)).filter((one) => one !== undefined);
  }

  async #press(action: RunAction): Promise<void> {
    if (this.#busy) return;
    this.#menu.close();
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
