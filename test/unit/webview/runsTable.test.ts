import assert from 'node:assert/strict';
import fc from 'fast-check';
import { COLUMNS } from '../../../src/catalog/columns.ts';
import { COLOR_SLOTS } from '../../../src/protocol/runColor.ts';
import { type RunsLayout, runsLayout } from '../../../src/protocol/runsPage.ts';
import { assignStyles } from '../../../webview/panel/compare/lineStyles.ts';
import { Selection } from '../../../webview/runs/selection.ts';
import {
  moveColumn,
  resizeColumn,
  shiftColumn,
  shownColumns,
  sortBy,
  toggleColumn,
  togglePin,
  widthOf,
  WIDTHS,
} from '../../../webview/runs/tableLayout.ts';

const keys = fc.constantFrom(...COLUMNS.map(({ key }) => key));

/** A change that the user can make to a layout. */
const change = fc.oneof(
  keys.map((key) => (layout: RunsLayout) => toggleColumn(layout, key)),
  keys.map((key) => (layout: RunsLayout) => togglePin(layout, key)),
  fc.tuple(keys, keys).map(
    ([key, to]) =>
      (layout: RunsLayout) =>
        moveColumn(layout, key, to),
  ),
  fc.tuple(keys, fc.constantFrom(-1 as const, 1 as const)).map(([key, by]) => (layout: RunsLayout) => {
    const isShown = shownColumns(layout).some((column) => column.key === key);
    return isShown ? shiftColumn(layout, key, by) : {};
  }),
  fc.tuple(keys, fc.double({ min: -50, max: 5000, noNaN: true })).map(
    ([key, width]) =>
      (layout: RunsLayout) =>
        resizeColumn(layout, key, width),
  ),
);

describe('layout of the table of runs', () => {
  it('shows each column at most once, the pinned ones first, with widths in bounds, after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const layout = changes.reduce((before, make) => ({ ...before, ...make(before) }), runsLayout.parse({}));
        const shown = shownColumns(layout);
        assert.equal(new Set(shown).size, shown.length);
        const pinned = shown.map(({ key }) => layout.pinned.includes(key));
        assert.deepEqual(pinned, [...pinned].sort().reverse());
        for (const column of shown) {
          const width = widthOf(column, layout);
          assert.ok(width >= WIDTHS.least && width <= WIDTHS.most);
        }
        assert.deepEqual(runsLayout.parse(structuredClone(layout)), layout, 'it is stored and read back');
      }),
    );
  });

  it('sorts by a column in one direction, then the other, then no longer', () => {
    for (const column of COLUMNS) {
      const layout = { ...runsLayout.parse({}), sort: [] };
      const first = { ...layout, ...sortBy(layout, column, false) };
      const second = { ...first, ...sortBy(first, column, false) };
      assert.deepEqual(first.sort, [{ column: column.key, descending: !second.sort[0]?.descending }]);
      assert.deepEqual(sortBy(second, column, false).sort, []);
    }
  });
});

describe('selection of runs', () => {
  it('extends from where it began, in both directions', () => {
    const order = Array.from({ length: 12 }, (_, i) => String(i));
    const place = fc.integer({ min: 0, max: 11 });
    fc.assert(
      fc.property(place, fc.array(place, { minLength: 1 }), (anchor, ends) => {
        const selection = new Selection();
        selection.choose(String(anchor));
        for (const end of ends) selection.extendTo(String(end), order);
        const end = ends.at(-1) ?? 0;
        const range = order.slice(Math.min(anchor, end), Math.max(anchor, end) + 1);
        assert.deepEqual([...selection.ids], range);
      }),
    );
  });

  it('is the same after a run was added and removed, and drops runs that are gone', () => {
    const selection = new Selection();
    selection.choose('a');
    selection.toggle('b');
    selection.toggle('b');
    assert.deepEqual([...selection.ids], ['a']);
    assert.equal(selection.keepOnly(new Set(['a', 'c'])), false);
    assert.equal(selection.keepOnly(new Set(['c'])), true);
    assert.equal(selection.ids.size, 0);
  });
});

describe('colors of runs', () => {
  it('are those of the runs on every chart, and runs of one color differ in their dash', () => {
    const runs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: COLOR_SLOTS - 1 }), { minLength: 8, maxLength: 8 }), (colors) => {
        const styles = assignStyles(new Map(), runs, new Map(runs.map((run, i) => [run, colors[i] ?? 0])));
        assert.deepEqual(
          runs.map((run) => styles.get(run)?.color),
          colors,
        );
        assert.equal(new Set([...styles.values()].map((style) => JSON.stringify(style))).size, runs.length);
      }),
    );
  });
});
