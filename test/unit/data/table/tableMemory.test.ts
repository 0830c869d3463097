import { checkTableMemory } from '../../../../src/data/table/tableMemory.ts';
import { inputError } from '../helpers.ts';
import assert from 'node:assert/strict';

describe('the memory for a table', () => {
  it('is checked against that of the process and of its objects', () => {
    checkTableMemory('a.csv', 1e9, { memory: 10e9, heap: 3e9 });
    assert.throws(
      () => checkTableMemory('a.csv', 1e9, { memory: 9.9e9, heap: 4e9 }),
      inputError('unreadable', 'a.csv', '1', '10', '9.9'),
    );
    assert.throws(
      () => checkTableMemory('a.csv', 1e9, { memory: 90e9, heap: 2e9 }),
      inputError('unreadable', 'a.csv', '3', '2'),
    );
  });

  it('is more for series, and for rows that are objects', () => {
    const limits = { memory: 14e9, heap: 10e9 };
    checkTableMemory('a.csv', 1e9, limits);
    for (const need of ['series', 'objects'] as const)
      assert.throws(() => checkTableMemory('a.csv', 1e9, { ...limits, need }), inputError('unreadable', 'a.csv'));
  });

  it('is enough for small tables', () => {
    checkTableMemory('a.csv', 1e6);
  });
});
