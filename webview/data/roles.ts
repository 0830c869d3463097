import type { ColumnRole, DataInspection, DataTask } from '../../src/protocol/dataInspection.ts';

const ROLES: Readonly<Record<DataTask, readonly ColumnRole[]>> = {
  classification: ['text', 'label', 'unused'],
  'sequence-to-sequence': ['source', 'target', 'unused'],
  tagging: ['word', 'tag', 'unused'],
  'language-model': ['text', 'unused'],
};

/** What a column can be for a task. */
export function rolesFor(task: DataTask): readonly ColumnRole[] {
  return ROLES[task];
}

/**
 * The roles with one of them changed: the column that had the new one takes the old one, so that none is there twice.
 */
export function withRole(roles: readonly ColumnRole[], column: number, role: ColumnRole): ColumnRole[] {
  const before = roles[column] ?? 'unused';
  return roles.map((each, i) => (i === column ? role : each === role && role !== 'unused' ? before : each));
}

/** The columns of another task, as near to those of this one as can be: what is read stays what is read. */
export function forTask({ columns }: Pick<DataInspection, 'columns'>, task: DataTask): ColumnRole[] {
  const [reads, answers] = ROLES[task];
  const longestFirst = columns
    .map((_, i) => i)
    .sort((a, b) => (columns[b]?.meanLength ?? 0) - (columns[a]?.meanLength ?? 0));
  const find = (...wanted: ColumnRole[]) => columns.findIndex(({ role }) => wanted.includes(role));
  const known = find('label', 'target');
  const reading = find('text', 'source') >= 0 ? find('text', 'source') : (longestFirst.find((i) => i !== known) ?? 0);
  const answering = known >= 0 ? known : longestFirst.find((i) => i !== reading);
  return columns.map((_, i) =>
    i === reading ? (reads ?? 'unused') : i === answering && answers !== 'unused' ? (answers ?? 'unused') : 'unused',
  );
}
