import * as l10n from '@vscode/l10n';
import { formatCount } from '../../charts/number.ts';
import { h } from '../../dom.ts';
import { formatValue, signClass } from './numbers.ts';
import type { Quantity, Term, TermGroup } from './quantities.ts';

/** Number of groups that are listed together; of more, only the overview is shown until one is selected. */
const MAX_GROUPS = 2;

/** Tables of the terms of a quantity: which input contributes what, with the sum of the small terms. */
export class TermTables {
  readonly element: HTMLElement;
  readonly #title = h('h2', { id: 'explain-terms' });
  readonly #tables = h('div', { class: 'term-tables' });

  constructor() {
    this.element = h('section', { class: 'terms', 'aria-labelledby': 'explain-terms' }, this.#title, this.#tables);
  }

  /** @param group index of the only group to show; null for all */
  show({ name, symbol, value, overview, groups }: Quantity, group: number | null): void {
    this.#title.textContent = `${name}, ${symbol} = ${formatValue(value)}`;
    const all = [...(overview ? [overview] : []), ...(groups.length > MAX_GROUPS ? [] : groups)];
    const shown = group === null ? all : groups.filter((_, i) => i === group);
    this.#tables.replaceChildren(...shown.map(termTable));
  }
}

function termTable({ title, terms, rest, factor, total }: TermGroup): HTMLElement {
  const largest = [...terms.map(({ value }) => value), rest.total].reduce(
    (most, value) => Math.max(most, Math.abs(value)),
    0,
  );
  const foot = [
    ...(rest.count > 0
      ? [row({ name: l10n.t('{0} others', formatCount(rest.count)), factors: [], value: rest.total }, largest)]
      : []),
    h(
      'tr',
      { class: 'total' },
      h('th', { scope: 'row' }, l10n.t('sum')),
      h('td'),
      h('td', {}, formatValue(total)),
      h('td'),
    ),
    ...(factor
      ? [
          h(
            'tr',
            { class: 'total' },
            h('th', { scope: 'row' }, l10n.t('times {0}', factor.name)),
            h('td', {}, formatValue(factor.value)),
            h('td', {}, formatValue(factor.value * total)),
            h('td'),
          ),
        ]
      : []),
  ];
  return h(
    'table',
    { class: 'term-table' },
    h('caption', {}, title),
    h('tbody', {}, ...terms.map((term) => row(term, largest))),
    h('tfoot', {}, ...foot),
  );
}

function row({ name, factors, value }: Term, largest: number): HTMLElement {
  const bar = h('span', { class: `term-bar ${signClass(value)}` });
  bar.style.width = `${largest === 0 ? 0 : (Math.abs(value) / largest) * 100}%`;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'factors' }, factors.length > 1 ? factors.map(formatValue).join(' · ') : ''),
    h('td', {}, formatValue(value)),
    h('td', { class: 'bar-cell', 'aria-hidden': 'true' }, bar),
  );
}
