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
    assert.deepEqual(withRole(['text', 'label', 'unused'], 2, 'label'), ['text', 'unused', 'label']);
    assert.deepEqual(withRole(['text', 'label'], 0, 'label'), ['label', 'text']);
    assert.deepEqual(withRole(['text', 'label'], 1, 'unused'), ['text', 'unused']);
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
            if (role !== 'unused') assert.equal(found.filter((each) => each === role).length, 1);
        },
      ),
    );
  });
});
