import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ColumnRole, DataTask } from '../../../src/protocol/dataInspection.ts';
import { forTask, rolesFor, withRole } from '../../../webview/data/roles.ts';

const columnsOf = (roles: readonly ColumnRole[]) => ({
  columns: roles.map((role, i) => ({
    name: `c${i}`,
    role,
    type: 'text' as const,
    unit: '',
    unreadable: 0,
    distinct: 1,
    blank: 0,
    meanLength: i,
  })),
});

describe('column roles', () => {
  it('are swapped, so that only "unused" is repeated', () => {
    const changed = (roles: ColumnRole[], column: number, role: ColumnRole) =>
      withRole(roles, { column, role, task: 'classification' });
    assert.deepEqual(changed(['text', 'label', 'unused'], 2, 'label'), ['text', 'unused', 'label']);
    assert.deepEqual(changed(['text', 'label'], 0, 'label'), ['label', 'text']);
    assert.deepEqual(changed(['text', 'label'], 1, 'unused'), ['text', 'unused']);
    assert.deepEqual(changed(['text', 'label', 'group', 'unused'], 3, 'group'), ['text', 'label', 'unused', 'group']);
  });

  it('of a series are repeated for what is read and forecast, not for the time and the name of the series', () => {
    const changed = (roles: ColumnRole[], column: number, role: ColumnRole) =>
      withRole(roles, { column, role, task: 'forecasting' });
    assert.deepEqual(changed(['time', 'target', 'value'], 2, 'target'), ['time', 'target', 'target']);
    assert.deepEqual(changed(['group', 'value', 'unused'], 2, 'group'), ['unused', 'value', 'group']);
  });

  it('carry over to another task', () => {
    assert.deepEqual(forTask(columnsOf(['text', 'label', 'unused']), 'sequence-to-sequence'), [
      'source',
      'target',
      'unused',
    ]);
    assert.deepEqual(forTask(columnsOf(['source', 'unused', 'target']), 'classification'), ['text', 'unused', 'label']);
    assert.deepEqual(forTask(columnsOf(['text', 'label']), 'language-model'), ['text', 'unused']);
    assert.deepEqual(forTask(columnsOf(['text', 'unused']), 'classification'), ['text', 'label']);
  });

  it('occur at most once, and only those of the task', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<DataTask>('classification', 'sequence-to-sequence', 'language-model'),
        fc.array(fc.constantFrom<ColumnRole>('text', 'label', 'source', 'target', 'unused'), {
          minLength: 2,
          maxLength: 6,
        }),
        (task, roles) => {
          const found = forTask(columnsOf(roles), task);
          assert.ok(found.every((role) => rolesFor(task).includes(role)));
          for (const role of rolesFor(task))
            if (role !== 'unused' && role !== 'group') assert.equal(found.filter((each) => each === role).length, 1);
        },
      ),
    );
  });
});
