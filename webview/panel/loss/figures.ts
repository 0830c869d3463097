import { h, setText } from '../../dom.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { LatestValues, RunUnits } from '../../../src/protocol/panel.ts';
import { bitsOf, formatLoss, formatLossIn, formatPerplexity } from '../format.ts';

type Figure = Exclude<keyof LatestValues, 'scores'>;

interface Column {
  readonly head: string;
  readonly format: (value: number) => string;
}

const LOSSES = [
  { key: 'trainLoss', label: 'Training loss' },
  { key: 'validationLoss', label: 'Validation loss' },
] as const;

/** The latest value of each curve, at full resolution. */
export class Figures {
  readonly element: HTMLElement;
  readonly #step = h('dd');
  readonly #list: HTMLElement;
  readonly #cells = new Map<Figure, { node: HTMLElement; format: (value: number) => string }[]>();
  readonly #scores = new Map<string, HTMLElement>();

  constructor(units: RunUnits) {
    const columns = lossForms(units);
    const heads = columns.map(({ head }) => h('th', { scope: 'col' }, head));
    const rows = LOSSES.map(({ key, label }) =>
      h('tr', {}, h('th', { scope: 'row' }, label), ...columns.map(({ format }) => this.#cell(key, h('td'), format))),
    );
    const losses = h(
      'table',
      { class: 'losses' },
      h('thead', {}, h('tr', {}, h('td'), ...heads)),
      h('tbody', {}, ...rows),
    );
    const others = otherFigures(units).map(({ key, head, format }) => item(head, this.#cell(key, h('dd'), format)));
    this.#list = h('dl', {}, item('Step', this.#step), ...others);
    this.element = h('section', { class: 'figures', 'aria-label': 'Latest figures' }, losses, this.#list);
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
    for (const [name, score] of Object.entries(latest.scores)) setText(this.#score(name), score.toFixed(3));
  }

  #cell<E extends HTMLElement>(figure: Figure, node: E, format: (value: number) => string): E {
    this.#cells.set(figure, [...(this.#cells.get(figure) ?? []), { node, format }]);
    return node;
  }

  /** The place of a score of the validations, which comes with the first of them. */
  #score(name: string): HTMLElement {
    const known = this.#scores.get(name);
    if (known) return known;
    const node = h('dd');
    this.#scores.set(name, node);
    this.#list.append(item(`Validation ${name}`, node));
    return node;
  }
}

function lossForms(units: RunUnits): Column[] {
  const itself = { head: units.loss, format: (loss: number) => formatLossIn(loss, units) };
  if (!units.nats) return [itself];
  const bits = { head: `bits per ${units.item}`, format: (nats: number) => formatLoss(bitsOf(nats)) };
  return [itself, bits, { head: 'perplexity', format: formatPerplexity }];
}

function otherFigures({ items }: RunUnits): (Column & { readonly key: Figure })[] {
  return [
    { key: 'gradientNorm', head: 'Gradient norm', format: formatLoss },
    { key: 'clippedGradientNorm', head: 'After clipping', format: formatLoss },
    { key: 'learningRate', head: 'Learning rate', format: formatNumber },
    {
      key: 'itemsPerSecond',
      head: `${items.charAt(0).toUpperCase()}${items.slice(1)} per second`,
      format: formatNumber,
    },
  ];
}

function item(head: string, value: HTMLElement): HTMLElement {
  return h('div', {}, h('dt', {}, head), value);
}
