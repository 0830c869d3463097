import { formatCount } from '../charts/number.ts';
import { h } from '../dom.ts';

/** A row of a bar table. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Text after the value. */
  readonly note: string;
}

/** Creates a table with a bar for each value. */
export function barTable(
  heads: readonly [name: string, value: string, note: string],
  bars: readonly Bar[],
): HTMLTableElement {
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  const rows = bars.map(({ name, value, note }) => {
    const filled = h('span', { class: 'bar', 'aria-hidden': 'true' });
    filled.style.width = `${((100 * value) / largest).toFixed(1)}%`;
    const bar = h('td', { class: 'bar-cell' }, h('span', { class: 'bar-place' }, filled));
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      bar,
      h('td', { class: 'number' }, formatCount(value)),
      h('td', { class: 'number' }, note),
    );
  });
  const [name, value, note] = heads;
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col' }, name),
    h('td', {}),
    h('th', { scope: 'col', class: 'number' }, value),
    h('th', { scope: 'col', class: 'number' }, note),
  );
  return h('table', { class: 'bars' }, h('thead', {}, head), h('tbody', {}, ...rows));
}
