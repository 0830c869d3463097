import { COLUMNS, type Column } from '../../src/catalog/columns.ts';
import type { RunsLayout } from '../../src/protocol/runsPage.ts';

/** Bounds of the width of a column in pixels. */
export const WIDTHS = { least: 28, most: 800 } as const;

/** Widths of columns that the user has not resized: those of narrow ones by key, the others by type. */
const KEY_WIDTHS: Readonly<Record<string, number>> = {
  starred: 28,
  color: 28,
  name: 230,
  state: 90,
  verdict: 136,
  note: 180,
  best: 116,
  last: 116,
};
const TYPE_WIDTHS: Readonly<Record<Column['type'], number>> = {
  text: 110,
  number: 60,
  date: 130,
  flag: 70,
  list: 120,
  duration: 84,
};

const known: ReadonlyMap<string, Column> = new Map(COLUMNS.map((column) => [column.key, column]));

/** Column of a key; undefined if this version has none of that name. */
export function columnOf(key: string): Column | undefined {
  return known.get(key);
}

/** The shown columns in their order, the pinned ones first. */
export function shownColumns(layout: RunsLayout): Column[] {
  return shownKeys(layout).flatMap((key) => columnOf(key) ?? []);
}

function shownKeys({ columns, pinned }: RunsLayout): string[] {
  const keys = columns ?? COLUMNS.filter(({ shown }) => shown).map(({ key }) => key);
  const isPinned = (key: string) => pinned.includes(key);
  return [...keys.filter(isPinned), ...keys.filter((key) => !isPinned(key))];
}

/** Room for a heading: the estimated width of a character, and of the rest with the arrow of a sorted column. */
const HEADING = { character: 7.2, rest: 26, most: 200 } as const;

/** Width of a column in pixels: as the user has resized it, or with room for its values and its heading. */
export function widthOf({ key, type, label }: Column, { widths }: RunsLayout): number {
  const heading = Math.min(HEADING.most, Math.round(HEADING.character * label().length + HEADING.rest));
  return widths[key] ?? KEY_WIDTHS[key] ?? Math.max(TYPE_WIDTHS[type], heading);
}

/** Shows a column at the end, or hides it. */
export function toggleColumn(layout: RunsLayout, key: string): Partial<RunsLayout> {
  const keys = shownKeys(layout);
  return { columns: keys.includes(key) ? keys.filter((each) => each !== key) : [...keys, key] };
}

/** Keeps a column in view when the table is scrolled sideways, or no longer. */
export function togglePin({ pinned }: RunsLayout, key: string): Partial<RunsLayout> {
  return { pinned: pinned.includes(key) ? pinned.filter((each) => each !== key) : [...pinned, key] };
}

/** Moves a column to the place of another one. It is pinned afterwards if the other one is. */
export function moveColumn(layout: RunsLayout, key: string, to: string): Partial<RunsLayout> {
  const keys = shownKeys(layout);
  const place = keys.indexOf(to);
  if (place < 0 || key === to) return {};
  const others = keys.filter((each) => each !== key);
  const pinned = layout.pinned.filter((each) => each !== key);
  return { columns: others.toSpliced(place, 0, key), pinned: layout.pinned.includes(to) ? [...pinned, key] : pinned };
}

/** Moves a column by one place. */
export function shiftColumn(layout: RunsLayout, key: string, by: -1 | 1): Partial<RunsLayout> {
  const keys = shownKeys(layout);
  const to = keys[keys.indexOf(key) + by];
  return to === undefined ? {} : moveColumn(layout, key, to);
}

export function resizeColumn({ widths }: RunsLayout, key: string, width: number): Partial<RunsLayout> {
  return { widths: { ...widths, [key]: Math.round(Math.min(WIDTHS.most, Math.max(WIDTHS.least, width))) } };
}

/** Whether the first sort of a column is descending: the newest date, the highest score first. */
function startsDescending({ type, direction }: Column): boolean {
  return direction === 'higher' || type === 'date' || type === 'flag';
}

/**
 * Sorts by a column, then by it in the other direction, then no longer by it.
 * @param add keeps the other columns, and sorts by this one after them
 */
export function sortBy({ sort }: RunsLayout, column: Column, add: boolean): Partial<RunsLayout> {
  const { key } = column;
  const first = startsDescending(column);
  const others = add ? sort.filter((each) => each.column !== key) : [];
  const before = add || sort.length === 1 ? sort.find((each) => each.column === key) : undefined;
  if (!before) return { sort: [...others, { column: key, descending: first }] };
  if (before.descending !== first) return { sort: others };
  const turned = { column: key, descending: !first };
  return { sort: add ? sort.map((each) => (each.column === key ? turned : each)) : [turned] };
}
