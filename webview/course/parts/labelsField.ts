import * as l10n from '@vscode/l10n';
import { h } from '../../dom.ts';

type Label = 0 | 1;

/** A choice of class 0 or 1 for each sentence. */
export class LabelsField {
  readonly element = h('fieldset', { class: 'labels' });
  readonly #change: (labels: Label[]) => void;
  readonly #legend = h('legend', {}, l10n.t('Labels y'));

  constructor(change: (labels: Label[]) => void) {
    this.#change = change;
  }

  show(texts: readonly string[], labels: readonly Label[]): void {
    const choices = texts.map((text, i) => {
      const name = l10n.t('Label of sentence {0}: {1}', i + 1, text);
      const choice = h(
        'select',
        { 'aria-label': name, title: name },
        ...[0, 1].map((each) => h('option', {}, String(each))),
      );
      choice.value = String(labels[i] ?? 0);
      return choice;
    });
    for (const choice of choices)
      choice.addEventListener('change', () => this.#change(choices.map(({ value }) => (value === '1' ? 1 : 0))));
    this.element.replaceChildren(this.#legend, ...choices);
  }
}
