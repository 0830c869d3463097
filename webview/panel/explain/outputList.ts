import * as l10n from '@vscode/l10n';
import type { ExplainedStep } from '../../../src/protocol/explain.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { h } from '../../dom.ts';
import { formula } from '../../math/formula.ts';
import { outputId } from './forward.ts';
import { formatValue, signClass } from './numbers.ts';
import { type Selection, selects } from './selection.ts';

/** Answers of the model after a step: logit, probability, and the part of the logit from the explained unit. */
export class OutputList {
  readonly element: HTMLElement;
  readonly #rows = h('tbody');
  readonly #select: (selection: Selection) => void;

  constructor(select: (selection: Selection) => void) {
    this.#select = select;
    const heads = [l10n.t('answer'), l10n.t('from this unit'), l10n.t('logit'), l10n.t('probability')];
    this.element = h(
      'div',
      { class: 'equation' },
      h('p', { class: 'equation-name' }, l10n.t('answer of the model')),
      h('p', { class: 'equation-formula' }, formula('explainLogits', true)),
      h(
        'table',
        { class: 'output-table' },
        h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
        this.#rows,
      ),
    );
  }

  show({ outputs, target }: ExplainedStep): void {
    this.#rows.replaceChildren(
      ...outputs.map((output) => {
        const { index, token, fromUnit, logit, probability } = output;
        const name = h(
          'button',
          { type: 'button', class: 'number', 'data-key': outputId(output) },
          `"${visibleToken(token)}"`,
        );
        selects(name, { quantity: outputId(output), group: null }, this.#select);
        const bar = h('span', { class: 'term-bar probability' });
        bar.style.width = `${probability * 100}%`;
        return h(
          'tr',
          {},
          h(
            'th',
            { scope: 'row' },
            name,
            ...(index === target ? [' ', h('span', { class: 'correct' }, l10n.t('correct'))] : []),
          ),
          h(
            'td',
            { class: fromUnit === null ? '' : signClass(fromUnit) },
            fromUnit === null ? '' : formatValue(fromUnit),
          ),
          h('td', {}, formatValue(logit)),
          h('td', { class: 'bar-cell' }, h('span', {}, `${(probability * 100).toFixed(1)} %`), bar),
        );
      }),
    );
  }
}
