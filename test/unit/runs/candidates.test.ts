import assert from 'node:assert/strict';
import fc from 'fast-check';
import { candidates } from '../../../src/runs/candidates.ts';
import { seeds } from '../../harness/seeds.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 });
const folder = fc.record({ id: text, name: fc.option(text), isRun: fc.boolean() });

describe('the runs that a text can mean', () => {
  it('are those of the folders that are runs, and no other folder is looked into', () => {
    fc.assert(
      fc.property(fc.uniqueArray(folder, { selector: ({ id }) => id }), text, (folders, wanted) => {
        const ids = (all: typeof folders) => all.map(({ id }) => id);
        const of = (id: string) => folders.find((each) => each.id === id);
        const looked: string[] = [];
        const nameOf = (id: string) => of(id)?.name ?? null;
        const found = candidates(ids(folders), wanted, nameOf, (id) => {
          looked.push(id);
          return of(id)?.isRun === true;
        });
        const runs = folders.filter(({ isRun }) => isRun);
        assert.deepEqual(found, candidates(ids(runs), wanted, nameOf));
        for (const id of looked) assert.ok(id.startsWith(wanted) || nameOf(id) === wanted);
      }),
      seeds(500),
    );
  });
});
