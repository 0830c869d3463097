import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { runsLayout } from '../../../src/protocol/runsPage.ts';
import { RunTable } from '../../../webview/runs/runTable.ts';

/** Few values, so that many rows are equal; texts that differ in case, accents and digits only are close. */
const cell = fc.constantFrom(null, 0, 1, 2.5, -3, 'a', 'A', 'á', 'a2', 'a10', 'a02', true, false);
const values = fc.record({ best: cell, name: cell, started: cell });
const sort = fc.array(fc.record({ column: fc.constantFrom('best', 'name', 'started'), descending: fc.boolean() }), {
  maxLength: 3,
});
/** Rows that come or change, and rows that go; a message of the host. */
const message = fc.record({
  changed: fc.array(fc.tuple(fc.nat(60), values), { maxLength: 8 }),
  removed: fc.array(fc.nat(60), { maxLength: 3 }),
  sort: fc.option(sort, { nil: undefined }),
});

describe('rows of the table of runs', () => {
  it('have the order of a new table with these rows, after any changes', () => {
    fc.assert(
      fc.property(sort, fc.array(message, { maxLength: 12 }), (first, messages) => {
        const layout = { ...runsLayout.parse({}), sort: first };
        const table = new RunTable();
        const all = new Map<string, RunRow>();
        table.apply(
          Array.from({ length: 50 }, (_, i) => ({ id: String(i), values: { best: i % 3 } })),
          [],
        );
        for (let i = 0; i < 50; i++) all.set(String(i), { id: String(i), values: { best: i % 3 } });
        for (const { changed, removed, sort: next } of messages) {
          const rows = changed.map(([id, values]): RunRow => ({ id: String(id), values }));
          table.apply(rows, removed.map(String));
          for (const row of rows) all.set(row.id, row);
          for (const id of removed) all.delete(String(id));
          if (next) layout.sort = next;
          const fresh = new RunTable();
          fresh.apply([...all.values()], []);
          assert.deepEqual(table.view(layout), fresh.view(layout));
        }
      }),
    );
  });
});
