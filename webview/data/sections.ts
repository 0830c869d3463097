import * as l10n from '@vscode/l10n';
import { formatCount, formatNumber } from '../charts/number.ts';
import { button, h, untranslatedName } from '../dom.ts';
import type { DataInspection } from '../../src/protocol/dataInspection.ts';
import { barTable } from './bars.ts';
import { itemTexts, unitTexts } from './items.ts';
import { roleNames } from './roles.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Read-only sections of the view "Data", created anew for every inspection. */

export function plan({ plan: sentences, notes }: DataInspection): HTMLElement {
  return section(
    l10n.t('Training plan'),
    h('ul', { class: 'plan' }, ...sentences.map((sentence) => h('li', {}, say(sentence)))),
    ...(notes.length > 0
      ? [h('ul', { class: 'warnings', 'aria-label': l10n.t('Notes') }, ...notes.map((note) => h('li', {}, say(note))))]
      : []),
  );
}

/**
 * Fields of the task that suit the data, each with a button, and those that were chosen.
 * @param choose reads the data again with these fields instead of the chosen ones
 */
export function suggestions(
  { suggestions: all, fields }: DataInspection,
  choose: (fields: DataInspection['fields']) => void,
): HTMLElement | null {
  const chosen = Object.entries(fields);
  if (all.length === 0 && chosen.length === 0) return null;
  const block = section(
    l10n.t('Settings for these data'),
    ...(chosen.length > 0
      ? [
          h(
            'ul',
            { class: 'plan', 'aria-label': l10n.t('Chosen settings') },
            ...chosen.map(([field, value]) => h('li', { translate: 'no' }, `task.${field} = ${value}`)),
          ),
        ]
      : []),
    h(
      'div',
      { class: 'choices' },
      ...all.map(({ text, fields: own }) => button(say(text), {}, () => choose({ ...fields, ...own }))),
      ...(chosen.length > 0 ? [button(l10n.t('Reset'), {}, () => choose({}))] : []),
    ),
  );
  block.id = 'settings';
  return block;
}

export function labels({ labels: all, labelCount, task }: DataInspection): HTMLElement | null {
  if (all.length === 0) return null;
  const title = task === 'tagging' ? l10n.t('Tags') : l10n.t('Labels');
  const bars = all.map(({ label, train, validation }) => ({
    name: label,
    value: train,
    note: formatCount(validation),
  }));
  const more =
    labelCount > all.length
      ? [
          h(
            'p',
            { class: 'about' },
            l10n.t('The {0} least frequent are not listed.', formatCount(labelCount - all.length)),
          ),
        ]
      : [];
  return section(
    title,
    scrolling(
      title,
      barTable([task === 'tagging' ? l10n.t('tag') : l10n.t('label'), l10n.t('training'), l10n.t('validation')], bars),
    ),
    ...more,
  );
}

export function lengths({ lengths: found, item }: DataInspection): HTMLElement | null {
  if (!found) return null;
  const { unit, bins, shortest, median, p95, longest } = found;
  const items = bins.reduce((sum, { count }) => sum + count, 0);
  const bars = bins.map(({ from, to, count }) => ({
    name: from === to ? String(from) : l10n.t('{0} to {1}', formatCount(from), formatCount(to)),
    value: count,
    note: percent(count / items),
  }));
  const summary = itemTexts[item].lengths[unit](
    formatCount(shortest),
    formatCount(longest),
    formatCount(median),
    formatCount(p95),
  );
  return section(
    l10n.t('Lengths'),
    h('p', { class: 'about' }, summary),
    scrolling(l10n.t('Lengths'), barTable([unitTexts[unit].many, itemTexts[item].many, l10n.t('share')], bars)),
  );
}

export function figures({ task, unknown, repeated, item, items, parts }: DataInspection): HTMLElement | null {
  if (task === 'forecasting') return null;
  const figure = (name: string, value: string, about: string) =>
    h('div', { class: 'figure' }, h('dt', {}, name), h('dd', {}, value), h('dd', { class: 'about' }, about));
  const rate = unknown && unknown.tokens > 0 ? unknown.unknown / unknown.tokens : null;
  const list = h(
    'dl',
    { class: 'figures' },
    figure(
      l10n.t('Out of vocabulary'),
      rate === null ? l10n.t('none') : percent(rate),
      unknown && unknown.examples.length > 0
        ? unitTexts[unknown.unit].unknown(unknown.examples.join(', '))
        : l10n.t('Every token of the validation part occurs in the training part.'),
    ),
    figure(
      l10n.t('Duplicates'),
      formatCount(repeated.repeated),
      itemTexts[item].duplicates(formatCount(items), formatCount(repeated.contradicting)),
    ),
    figure(
      l10n.t('In both parts'),
      formatCount(repeated.shared),
      itemTexts[item].shared(formatCount(parts.validation)),
    ),
  );
  return section(l10n.t('Data quality'), list);
}

export function rows({ columns, preview: shown }: DataInspection): HTMLElement {
  const heads =
    columns.length > 0
      ? columns.map(({ name, role }) => [
          h('span', { ...untranslatedName(name) }, say(name)),
          ...(role === 'unused' ? [] : [` (${roleNames[role]})`]),
        ])
      : [[l10n.t('text')]];
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col' }, l10n.t('location')),
    ...heads.map((head) => h('th', { scope: 'col' }, ...head)),
  );
  const body = shown.map(({ where, cells }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, say(where)),
      ...cells.map((cell, i) =>
        h('td', { class: columns[i]?.role === 'unused' ? 'unused' : '', translate: 'no' }, cell),
      ),
    ),
  );
  return section(
    l10n.t('First rows'),
    scrolling(l10n.t('First rows'), h('table', { class: 'rows' }, h('thead', {}, head), h('tbody', {}, ...body))),
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
    count > first.length ? [h('p', { class: 'about' }, l10n.t('and {0} more', formatCount(count - first.length)))] : [];
  return section(l10n.t('Skipped: {0}', formatCount(count)), scrolling(l10n.t('Skipped'), list), ...more);
}

function section(title: string, ...content: readonly Node[]): HTMLElement {
  return h('section', { class: 'block', 'aria-label': title }, h('h2', {}, title), ...content);
}

function scrolling(title: string, content: Node): HTMLElement {
  return h(
    'div',
    { class: 'points', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: list', title) },
    content,
  );
}

function percent(share: number): string {
  return `${formatNumber(Number((100 * share).toPrecision(2)))} %`;
}
