import { formatCount, formatNumber } from '../charts/number.ts';
import { h } from '../dom.ts';
import type { DataInspection } from '../../src/protocol/dataInspection.ts';
import { barTable } from './bars.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Read-only sections of the view "Data", created anew for every inspection. */

export function plan({ plan: sentences, warnings }: DataInspection): HTMLElement {
  return section(
    'Training plan',
    h('ul', { class: 'plan' }, ...sentences.map((sentence) => h('li', {}, say(sentence)))),
    ...(warnings.length > 0
      ? [
          h(
            'ul',
            { class: 'warnings', 'aria-label': 'Warnings' },
            ...warnings.map((warning) => h('li', {}, say(warning))),
          ),
        ]
      : []),
  );
}

export function labels({ labels: all, labelCount, task }: DataInspection): HTMLElement | null {
  if (all.length === 0) return null;
  const title = task === 'tagging' ? 'Tags' : 'Labels';
  const bars = all.map(({ label, train, validation }) => ({
    name: label,
    value: train,
    note: formatCount(validation),
  }));
  const more =
    labelCount > all.length
      ? [h('p', { class: 'about' }, `The ${formatCount(labelCount - all.length)} least frequent are not listed.`)]
      : [];
  return section(
    title,
    scrolling(title, barTable([task === 'tagging' ? 'tag' : 'label', 'training', 'validation'], bars)),
    ...more,
  );
}

export function lengths({ lengths: found, item }: DataInspection): HTMLElement | null {
  if (!found) return null;
  const { unit, bins, shortest, median, p95, longest } = found;
  const items = bins.reduce((sum, { count }) => sum + count, 0);
  const bars = bins.map(({ from, to, count }) => ({
    name: from === to ? String(from) : `${formatCount(from)} to ${formatCount(to)}`,
    value: count,
    note: percent(count / items),
  }));
  const summary = `The ${item}s have ${formatCount(shortest)} to ${formatCount(longest)} ${unit}s: median ${formatCount(median)}, 95th percentile ${formatCount(p95)}.`;
  return section(
    'Lengths',
    h('p', { class: 'about' }, summary),
    scrolling('Lengths', barTable([`${unit}s`, `${item}s`, 'share'], bars)),
  );
}

export function figures({ unknown, repeated, item, items, parts }: DataInspection): HTMLElement {
  const figure = (name: string, value: string, about: string) =>
    h('div', { class: 'figure' }, h('dt', {}, name), h('dd', {}, value), h('dd', { class: 'about' }, about));
  const rate = unknown && unknown.tokens > 0 ? unknown.unknown / unknown.tokens : null;
  const list = h(
    'dl',
    { class: 'figures' },
    figure(
      'Out of vocabulary',
      rate === null ? 'none' : percent(rate),
      unknown && unknown.examples.length > 0
        ? `of the ${unknown.unit}s of the validation part do not occur in the training part: ${unknown.examples.join(', ')}`
        : 'Every token of the validation part occurs in the training part.',
    ),
    figure(
      'Duplicates',
      formatCount(repeated.repeated),
      `of ${formatCount(items)} ${item}s, ignoring case and white space; ${formatCount(repeated.contradicting)} texts have more than one label or target`,
    ),
    figure(
      'In both parts',
      formatCount(repeated.shared),
      `of the ${formatCount(parts.validation)} validation ${item}s are also in the training part`,
    ),
  );
  return section('Data quality', list);
}

export function rows({ columns, rows: shown }: DataInspection): HTMLElement {
  const heads =
    columns.length > 0
      ? columns.map(({ name, role }) => (role === 'unused' ? say(name) : `${say(name)} (${role})`))
      : ['text'];
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col' }, 'location'),
    ...heads.map((name) => h('th', { scope: 'col' }, name)),
  );
  const body = shown.map(({ where, cells }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, say(where)),
      ...cells.map((cell, i) => h('td', { class: columns[i]?.role === 'unused' ? 'unused' : '' }, cell)),
    ),
  );
  return section(
    'First rows',
    scrolling('First rows', h('table', { class: 'rows' }, h('thead', {}, head), h('tbody', {}, ...body))),
  );
}

export function problems({ problems: { count, first } }: DataInspection): HTMLElement | null {
  if (count === 0) return null;
  const list = h(
    'ul',
    { class: 'problems' },
    ...first.map(({ where, reason }) => h('li', {}, h('strong', {}, say(where)), `: ${say(reason)}`)),
  );
  const more =
    count > first.length ? [h('p', { class: 'about' }, `and ${formatCount(count - first.length)} more`)] : [];
  return section(`Skipped: ${formatCount(count)}`, scrolling('Skipped', list), ...more);
}

function section(title: string, ...content: readonly Node[]): HTMLElement {
  return h('section', { class: 'block', 'aria-label': title }, h('h2', {}, title), ...content);
}

function scrolling(title: string, content: Node): HTMLElement {
  return h('div', { class: 'points', role: 'region', tabindex: '0', 'aria-label': `${title}: list` }, content);
}

function percent(share: number): string {
  return `${formatNumber(Number((100 * share).toPrecision(2)))} %`;
}
