import * as l10n from '@vscode/l10n';
import { button, h } from '../dom.ts';

/** Message about what was done to runs, with a button that undoes it. */
export class UndoBar {
  readonly element = h('div', { class: 'undo', role: 'status' });

  /** @param undo omitted if there is nothing to undo */
  show(text: string, undo?: () => void): void {
    const close = button(l10n.t('Dismiss'), { class: 'tool' }, () => this.hide());
    const back = undo
      ? [
          button(l10n.t('Undo'), { class: 'link', 'data-tool': 'undo' }, () => {
            this.hide();
            undo();
          }),
        ]
      : [];
    this.element.replaceChildren(
      h('p', { class: 'message' }, h('span', {}, text), h('span', { class: 'undo-tools' }, ...back, close)),
    );
  }

  hide(): void {
    this.element.replaceChildren();
  }
}
