import { COLUMNS, type Column } from '../../../src/catalog/columns.ts';
import type { CellValue, RunRow } from '../../../src/protocol/runRow.ts';
import { fitsAxis, fractionOf, type Range, type ScaleKind, valueAt } from '../../charts/scale.ts';
import { axisTicks } from '../../charts/ticks.ts';
import { fullRange } from '../../charts/yRange.ts';

/** Axis of a column: a place for each text, or a scale of its numbers. One number alone has a place, and no scale. */
export type FieldAxis = CategoryAxis | NumberAxis;

interface CategoryAxis {
  readonly kind: 'category';
  readonly column: Column;
  /** The different values in their order, as JSON, with their texts. */
  readonly categories: readonly { readonly key: string; readonly text: string }[];
}

interface NumberAxis {
  readonly kind: ScaleKind;
  readonly column: Column;
  readonly range: Range;
}

/** Label at a place of an axis, from 0 to 1. */
export interface FieldTick {
  readonly at: number;
  readonly label: string;
}

/** Columns that have no meaning as an axis. */
const WITHOUT_AXIS: ReadonlySet<string> = new Set(['color', 'note', 'folder', 'id', 'name', 'differs']);

/** Ratio of the largest to the smallest number from which an axis of positive numbers is logarithmic. */
const DECADE = 10;

/** Columns that can be an axis of these rows: those of which some row has a value. */
export function axisColumns(rows: readonly RunRow[]): Column[] {
  const present = new Set<string>();
  for (const { values } of rows)
    for (const [key, value] of Object.entries(values)) if (value !== null) present.add(key);
  return COLUMNS.filter(({ key }) => present.has(key) && !WITHOUT_AXIS.has(key));
}

/** Columns of the configuration in which rows differ, and then the best loss: axes that tell the runs apart. */
export function differingColumns(rows: readonly RunRow[]): Column[] {
  return [...differingFields(rows), ...COLUMNS.filter(({ key }) => key === 'best')];
}

/**
 * Columns of the configuration in which rows differ. A field that some models do not have, and that is equal in the
 * others, tells no more than the model does.
 */
export function differingFields(rows: readonly RunRow[]): Column[] {
  const differs = ({ key }: Column) => new Set(rows.flatMap((row) => keyOf(row.values[key] ?? null) ?? [])).size > 1;
  return axisColumns(rows).filter((column) => column.config !== undefined && differs(column));
}

/** Columns of results of which lower or higher values are better, and of which some row has a value. */
export function resultColumns(rows: readonly RunRow[]): Column[] {
  return axisColumns(rows).filter(({ direction }) => direction !== null);
}

/** Axis of a column over the values of rows. Positive numbers that span a decade or more have a logarithmic one. */
export function fieldAxis(column: Column, rows: readonly RunRow[]): FieldAxis {
  const numbers = rows.flatMap((row) => numberOf(column, row) ?? []);
  const lowest = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!isNumeric(column) || lowest >= highest)
    return { kind: 'category', column, categories: categoriesOf(column, rows) };
  const kind =
    column.type !== 'date' && fitsAxis(lowest, 'logarithmic') && highest / lowest >= DECADE ? 'logarithmic' : 'linear';
  return { kind, column, range: fullRange(numbers, kind) ?? { min: 0, max: 1 } };
}

/** Place of a row on an axis, from 0 to 1; null if it has no value there. */
export function placeOn(axis: FieldAxis, row: RunRow): number | null {
  if (axis.kind === 'category') {
    const key = keyOf(row.values[axis.column.key] ?? null);
    const i = axis.categories.findIndex((each) => each.key === key);
    return i < 0 ? null : (i + 0.5) / axis.categories.length;
  }
  const value = numberOf(axis.column, row);
  const at = value === null ? NaN : fractionOf(value, axis.range, axis.kind);
  return Number.isFinite(at) ? at : null;
}

/** Labels of an axis, about `count` of them. */
export function fieldTicks(axis: FieldAxis, count: number): FieldTick[] {
  if (axis.kind === 'category') {
    const { categories } = axis;
    const every = Math.max(1, Math.ceil(categories.length / Math.max(1, count)));
    return categories.flatMap(({ text }, i) =>
      i % every === 0 ? [{ at: (i + 0.5) / categories.length, label: text }] : [],
    );
  }
  const { column, range, kind } = axis;
  return axisTicks(range, kind, count).map(({ value, label }) => ({
    at: fractionOf(value, range, kind),
    label: label === '' ? '' : labelOf(column, value, label),
  }));
}

/** Number of places to which the keys move the ends of a marked part of an axis. */
export function placesOf(axis: FieldAxis): number {
  return axis.kind === 'category' ? Math.max(1, axis.categories.length) : 100;
}

/** Texts of the values at the ends of a part of an axis, from 0 to 1: of the outermost categories within, or numbers. */
export function endsOf(axis: FieldAxis, { min, max }: Range): [from: string, to: string] {
  if (axis.kind === 'category') {
    const { categories } = axis;
    const within = categories.filter((_, i) => {
      const at = (i + 0.5) / categories.length;
      return at >= min && at <= max;
    });
    return [within[0]?.text ?? '', within.at(-1)?.text ?? ''];
  }
  const { column, range, kind } = axis;
  const textAt = (at: number) => {
    const value = valueAt(at, range, kind);
    return labelOf(column, value, column.format(Number(value.toPrecision(3)), NO_ROW));
  };
  return [textAt(min), textAt(max)];
}

/** Text of a row's value in a column, as the table shows it. */
export function textOf(column: Column, row: RunRow): string {
  return column.format(row.values[column.key] ?? null, row);
}

function isNumeric({ type }: Column): boolean {
  return type === 'number' || type === 'duration' || type === 'date';
}

function numberOf({ key, type }: Column, { values }: RunRow): number | null {
  const value = values[key] ?? null;
  const number = type === 'date' && typeof value === 'string' ? Date.parse(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

const NO_ROW: RunRow = { id: '', values: {} };

function labelOf(column: Column, value: number, number: string): string {
  if (column.type === 'date') return column.format(new Date(value).toISOString(), NO_ROW);
  return column.type === 'duration' ? column.format(value, NO_ROW) : number;
}

function keyOf(value: CellValue): string | null {
  return value === null ? null : JSON.stringify(value);
}

function categoriesOf(column: Column, rows: readonly RunRow[]): CategoryAxis['categories'] {
  const texts = new Map<string, string>();
  for (const row of rows) {
    const key = keyOf(row.values[column.key] ?? null);
    if (key !== null && !texts.has(key)) texts.set(key, textOf(column, row) || key);
  }
  return [...texts]
    .map(([key, text]) => ({ key, text }))
    .sort((a, b) => a.text.localeCompare(b.text, 'en', { numeric: true }));
}
