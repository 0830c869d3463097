import * as l10n from '@vscode/l10n';
import { button, h, setText } from '../dom.ts';
import type { RunView } from '../../src/protocol/panel.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Why a run was interrupted, and what to do. @param message reason, if its trainer wrote one */
function describeInterruption(message: string | null): string {
  const reason = message ?? l10n.t('The process that trained this run has ended.');
  return `${reason} ${l10n.t('Choose Continue to train on from the last checkpoint.')}`;
}

/**
 * Messages to the user: the reason for the end of the run, notices about its data, and errors of the panel. The boxes
 * are in the document from the start, because screen readers announce only changes of existing live regions.
 */
export class Messages {
  readonly element: HTMLElement;
  readonly #error = h('span');
  readonly #errorBox: HTMLElement;
  readonly #ended = h('p', { class: 'message bad', role: 'alert' });
  readonly #remark = h('p', { class: 'message', role: 'status' });
  readonly #notices = h('div', { class: 'message notices', role: 'status' });

  constructor() {
    const dismiss = button(l10n.t('Dismiss'), { class: 'tool' }, () => this.showError(''));
    this.#errorBox = h('p', { class: 'message bad', role: 'alert', hidden: true }, this.#error, dismiss);
    this.element = h('div', { class: 'messages' }, this.#errorBox, this.#ended, this.#remark, this.#notices);
  }

  show({ state, message, notices: texts }: RunView): void {
    const notices = texts.map(say);
    const reason = state === 'interrupted' ? describeInterruption(message) : (message ?? '');
    const bad = state === 'diverged' || state === 'failed';
    setText(this.#ended, bad ? reason : '');
    setText(this.#remark, bad ? '' : reason);
    if (notices.join('\n') === [...this.#notices.querySelectorAll('li')].map((item) => item.textContent).join('\n'))
      return;
    this.#notices.replaceChildren(
      ...(notices.length > 0 ? [h('ul', {}, ...notices.map((notice) => h('li', {}, notice)))] : []),
    );
  }

  /** Shows an error until the user dismisses it. */
  showError(message: string): void {
    setText(this.#error, message);
    this.#errorBox.hidden = message === '';
  }
}
