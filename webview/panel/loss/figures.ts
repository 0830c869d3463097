import { h, setText } from '../../dom.ts';
import { formatCount } from '../../charts/number.ts';
import {
  derivedMetrics,
  measuredMetrics,
  type MeasuredMetric,
  type RunUnits,
  type SeriesName,
} from '../../../src/protocol/metrics.ts';
import type { RunProgress } from '../../../src/protocol/panel.ts';
import { formatMetric } from '../format.ts';

/** A form in which the value of a measured metric is shown: the metric itself, or one that derives from it. */
interface Form {
  readonly unit: string;
  readonly format: (value: number) => string;
}

/**
 * Latest value of each metric at full resolution: the losses as a table with a column for each of their forms, the
 * others as a list.
 */
export class Figures {
  readonly element: HTMLElement;
  readonly #step = h('dd');
  readonly #list: HTMLElement;
  readonly #cells: { readonly node: HTMLElement; readonly series: SeriesName; readonly form: Form }[] = [];
  readonly #scores = new Map<string, HTMLElement>();

  constructor(units: RunUnits) {
    const losses = measuredMetrics.filter(({ format }) => format === 'loss');
    const others = measuredMetrics.filter(({ format }) => format !== 'loss');
    const heads = losses.slice(0, 1).flatMap((loss) => formsOf(loss, units).map(({ unit }) => unit));
    const rows = losses.map((loss) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, loss.label(units)),
        ...formsOf(loss, units).map((form) => this.#cell(loss.key, h('td'), form)),
      ),
    );
    const table = h(
      'table',
      { class: 'losses' },
      h('thead', {}, h('tr', {}, h('td'), ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...rows),
    );
    const items = others.map((metric) =>
      item(metric.label(units), this.#cell(metric.key, h('dd'), formOf(metric, units))),
    );
    this.#list = h('dl', {}, item('Step', this.#step), ...items);
    this.element = h('section', { class: 'figures', 'aria-label': 'Latest figures' }, table, this.#list);
  }

  show({ step, latest, scores }: RunProgress): void {
    setText(this.#step, formatCount(step));
    for (const { node, series, form } of this.#cells) {
      const value = latest[series];
      setText(node, value === undefined ? '\u2013' : value === null ? 'not finite' : form.format(value));
    }
    for (const [name, score] of Object.entries(scores)) setText(this.#score(name), score.toFixed(3));
  }

  #cell<E extends HTMLElement>(series: SeriesName, node: E, form: Form): E {
    this.#cells.push({ node, series, form });
    return node;
  }

  /** The place of a score, which is known from the first validation on. */
  #score(name: string): HTMLElement {
    const known = this.#scores.get(name);
    if (known) return known;
    const node = h('dd');
    this.#scores.set(name, node);
    this.#list.append(item(`Validation ${name}`, node));
    return node;
  }
}

function formOf(metric: MeasuredMetric, units: RunUnits): Form {
  return { unit: metric.unit(units), format: (value) => formatMetric(metric, value, units) };
}

function formsOf(metric: MeasuredMetric, units: RunUnits): Form[] {
  const derived = derivedMetrics.filter(({ from }) => from.metric === metric.key && from.applies(units));
  return [
    formOf(metric, units),
    ...derived.map((each) => ({
      unit: each.unit(units),
      format: (value: number) => formatMetric(each, each.from.map(value), units),
    })),
  ];
}

function item(head: string, value: HTMLElement): HTMLElement {
  return h('div', {}, h('dt', {}, head), value);
}
