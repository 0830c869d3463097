import { checkTableMemory } from '../../../../src/data/table/tableMemory.ts';
import { inputError } from '../helpers.ts';
import assert from 'node:assert/strict';

describe('the memory for a table', () => {
  it('is checked against that of the process and of its objects', () => {
    checkTableMemory('a.csv', 1e9, { memory: 7e9, heap: 3e9 });
    assert.throws(
      () => checkTableMemory('a.csv', 1e9, { memory: 6.9e9, heap: 4e9 }),
      inputError('unreadable', 'a.csv', '1', '7', '6.9'),
    );
    assert.throws(
      () => checkTableMemory('a.csv', 1e9, { memory: 90e9, heap: 2e9 }),
      inputError('unreadable', 'a.csv', '3', '2'),
    );
  });

  it('is enough for small tables', () => {
    checkTableMemory('a.csv', 1e6);
  });
});
