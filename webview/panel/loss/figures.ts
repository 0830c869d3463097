import { h, setText } from '../../dom.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { LatestValues } from '../../../src/protocol/panel.ts';
import { bitsOf, formatLoss, formatPerplexity } from '../format.ts';

type Figure = keyof LatestValues;

const LOSSES = [
  { key: 'trainLoss', label: 'Training loss' },
  { key: 'validationLoss', label: 'Validation loss' },
] as const;

const LOSS_FORMS = [
  { head: 'nats per character', format: formatLoss },
  { head: 'bits per character', format: (nats: number) => formatLoss(bitsOf(nats)) },
  { head: 'perplexity', format: formatPerplexity },
];

const OTHERS = [
  { key: 'gradNorm', label: 'Gradient norm', format: formatLoss },
  { key: 'clippedNorm', label: 'After clipping', format: formatLoss },
  { key: 'learningRate', label: 'Learning rate', format: formatNumber },
  { key: 'charactersPerSecond', label: 'Characters per second', format: formatNumber },
] as const;

/** The latest value of each curve, at full resolution. */
export class Figures {
  readonly element: HTMLElement;
  readonly #step = h('dd');
  readonly #cells = new Map<Figure, { node: HTMLElement; format: (value: number) => string }[]>();

  constructor() {
    const heads = LOSS_FORMS.map(({ head }) => h('th', { scope: 'col' }, head));
    const rows = LOSSES.map(({ key, label }) =>
      h('tr', {}, h('th', { scope: 'row' }, label), ...LOSS_FORMS.map(({ format }) => this.#cell(key, h('td'), format))),
    );
    const losses = h('table', { class: 'losses' }, h('thead', {}, h('tr', {}, h('td'), ...heads)), h('tbody', {}, ...rows));
    const others = OTHERS.map(({ key, label, format }) =>
      h('div', {}, h('dt', {}, label), this.#cell(key, h('dd'), format)),
    );
    this.element = h('section', { class: 'figures', 'aria-label': 'Latest figures' }, losses, h('dl', {}, h('div', {}, h('dt', {}, 'Step'), this.#step), ...others));
  }

  /** `known` tells a value that is not finite from one that has not come yet: both are null. */
  show(step: number, latest: LatestValues, known: (figure: Figure) => boolean): void {
    setText(this.#step, formatCount(step));
    for (const [figure, cells] of this.#cells) {
      const value = latest[figure];
      for (const { node, format } of cells) {
        setText(node, value !== null ? format(value) : known(figure) ? 'not finite' : '\u2013');
      }
    }
  }

  #cell<E extends HTMLElement>(figure: Figure, node: E, format: (value: number) => string): E {
    this.#cells.set(figure, [...(this.#cells.get(figure) ?? []), { node, format }]);
    return node;
  }
}
