import * as l10n from '@vscode/l10n';
import type { Prediction } from '../../src/protocol/inspection.ts';
import type { TextAnswer } from '../../src/protocol/textAnswer.ts';
import { formatPercent } from '../../src/format/percent.ts';
import { h, setText } from '../dom.ts';
import { predictionRows } from '../panel/text/surprisal.ts';

/** Answer of a model to a text: bars for its classes, or a label below each word. */
export class AnswerView {
  readonly element: HTMLElement;
  readonly #sentence = h('p', { class: 'verdict', role: 'status' });
  readonly #content = h('div', { class: 'answer', translate: 'no' });

  constructor() {
    this.element = h('div', { class: 'answers' }, this.#sentence, this.#content);
  }

  show({ of, pieces }: TextAnswer): void {
    const [first] = pieces;
    const [best] = first?.top ?? [];
    if (of === 'text') {
      setText(this.#sentence, best ? l10n.t('Answer: {0}', describe(best)) : '');
      this.#content.replaceChildren(...predictionRows(first?.top ?? []));
      return;
    }
    setText(this.#sentence, pieces.length === 0 ? l10n.t('There is no word to label.') : '');
    this.#content.replaceChildren(h('ol', { class: 'labeled-words' }, ...pieces.map(labeledWord)));
  }
}

/** A word with its most likely label; the others are in its tooltip. */
function labeledWord({ text, top }: TextAnswer['pieces'][number]): HTMLElement {
  const [best] = top;
  return h(
    'li',
    { title: top.map(describe).join(', ') },
    h('span', {}, text),
    h('strong', { 'data-label': best?.token ?? '' }, best?.token ?? ''),
    h('span', { class: 'unit' }, best ? formatPercent(best.probability, 1) : ''),
  );
}

function describe({ token, probability }: Prediction): string {
  return `${token} ${formatPercent(probability, 1)}`;
}
