import * as l10n from '@vscode/l10n';
import type { ColumnRole, DataInspection, DataTask } from '../../src/protocol/dataInspection.ts';

const ROLES: Readonly<Record<DataTask, readonly ColumnRole[]>> = {
  classification: ['text', 'label', 'group', 'unused'],
  'sequence-to-sequence': ['source', 'target', 'unused'],
  tagging: ['word', 'tag', 'unused'],
  forecasting: ['time', 'value', 'target', 'group', 'unused'],
  'language-model': ['text', 'unused'],
};

/** Names of the roles on screen. */
export const roleNames: Readonly<Record<ColumnRole, string>> = {
  text: l10n.t('text'),
  label: l10n.t('label'),
  source: l10n.t('source'),
  target: l10n.t('target'),
  word: l10n.t('word'),
  tag: l10n.t('tag'),
  time: l10n.t('time'),
  value: l10n.t('value'),
  group: l10n.t('group'),
  unused: l10n.t('unused'),
};

const NUMBERS: ReadonlySet<string> = new Set(['number', 'integer']);

/** Names of the types of columns on screen. */
export const typeNames: Readonly<Record<DataInspection['columns'][number]['type'], string>> = {
  number: l10n.t('number'),
  integer: l10n.t('whole number'),
  time: l10n.t('time'),
  category: l10n.t('category'),
  text: l10n.t('text'),
  identifier: l10n.t('identifier'),
  constant: l10n.t('one value'),
  blank: l10n.t('blank'),
};

/** Returns the roles that a column can have for a task. */
export function rolesFor(task: DataTask): readonly ColumnRole[] {
  return ROLES[task];
}

/**
 * Changes the role of one column. A column that already has the new role gets the old one, so that no role is repeated.
 */
export function withRole(
  roles: readonly ColumnRole[],
  { column, role, task }: { readonly column: number; readonly role: ColumnRole; readonly task: DataTask },
): ColumnRole[] {
  const before = roles[column] ?? 'unused';
  const several = task === 'forecasting' ? ['unused', 'value', 'target'] : ['unused'];
  return roles.map((each, i) => (i === column ? role : each === role && !several.includes(role) ? before : each));
}

/** Returns column roles for another task. The input and output columns stay the same where possible. */
export function forTask({ columns }: Pick<DataInspection, 'columns'>, task: DataTask): ColumnRole[] {
  if (task === 'forecasting')
    return columns.map(({ type }) => (type === 'time' ? 'time' : NUMBERS.has(type) ? 'value' : 'unused'));
  const [inputRole, outputRole] = ROLES[task];
  const longestFirst = columns
    .map((_, i) => i)
    .sort((a, b) => (columns[b]?.meanLength ?? 0) - (columns[a]?.meanLength ?? 0));
  const find = (...wanted: ColumnRole[]) => columns.findIndex(({ role }) => wanted.includes(role));
  const known = find('label', 'target');
  const input = find('text', 'source') >= 0 ? find('text', 'source') : (longestFirst.find((i) => i !== known) ?? 0);
  const output = known >= 0 ? known : longestFirst.find((i) => i !== input);
  return columns.map((_, i) =>
    i === input
      ? (inputRole ?? 'unused')
      : i === output && outputRole !== 'unused'
        ? (outputRole ?? 'unused')
        : 'unused',
  );
}
