import * as l10n from '@vscode/l10n';
import { button, h, setText } from '../dom.ts';

export interface FormActions {
  /** Resolves when the run has started, or cannot start. */
  readonly train: () => Promise<void>;
  readonly copy: () => Promise<void>;
  readonly cancel: () => void;
}

/** The buttons of the form, and what they would do. */
export class ActionBar {
  readonly element: HTMLElement;
  readonly #train: HTMLButtonElement;
  readonly #status = h('p', { class: 'about', role: 'status' });
  readonly #actions: FormActions;
  #isStarting = false;
  /** What the status says while no run is being started. */
  #summary = '';

  constructor(actions: FormActions) {
    this.#actions = actions;
    this.#train = button(l10n.t('Train'), { class: 'primary', title: l10n.t('Ctrl+Enter'), 'data-do': 'train' }, () =>
      this.train(),
    );
    this.element = h(
      'div',
      { class: 'actions' },
      this.#train,
      button(l10n.t('Copy Configuration'), { 'data-do': 'copy' }, () => void actions.copy()),
      button(l10n.t('Cancel'), { 'data-do': 'cancel' }, actions.cancel),
      this.#status,
    );
  }

  /** Starts the run, unless it is being started. */
  train(): void {
    if (this.#isStarting) return;
    this.#setStarting(true);
    void this.#actions.train().finally(() => this.#setStarting(false));
  }

  /** @param fields labels of the fields with changed and with refused values */
  show({ changed, refused }: { readonly changed: readonly string[]; readonly refused: readonly string[] }): void {
    this.#summary =
      refused.length > 0
        ? l10n.t('Not allowed: {0}', refused.join(', '))
        : changed.length > 0
          ? l10n.t('Changed: {0}', changed.join(', '))
          : l10n.t('Nothing is changed.');
    this.#draw();
    this.#status.classList.toggle('refused', refused.length > 0);
  }

  #setStarting(isStarting: boolean): void {
    this.#isStarting = isStarting;
    this.#train.setAttribute('aria-disabled', String(isStarting));
    this.#draw();
  }

  #draw(): void {
    setText(this.#status, this.#isStarting ? l10n.t('The run is being prepared.') : this.#summary);
  }
}
