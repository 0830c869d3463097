import { describeField, type FieldValue } from '../../config/shortFields.ts';

/** Condition of a field on another field of the sweep. */
interface FieldCondition {
  readonly path: string;
  readonly is: readonly FieldValue[];
}

interface Field {
  /** Dotted path of the field of the configuration. */
  readonly path: string;
  /** Conditions that all hold if the field is tried; the fields that they are about come before it. */
  readonly when: readonly FieldCondition[];
}

/** A field with listed values. */
interface ListedDimension extends Field {
  readonly options: readonly FieldValue[];
  /** Whether the values are numbers with an order, not names. */
  readonly ordered: boolean;
}

/** A field with a range of numbers. */
interface RangeDimension extends Field {
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
  /** Whether the values are whole numbers. */
  readonly integer: boolean;
  /** Number of values in a grid; undefined if the file does not give it. */
  readonly points: number | undefined;
}

/** A field of a sweep, checked: the space of settings is the product of the dimensions, less those whose conditions fail. */
export type Dimension = ListedDimension | RangeDimension;

/** Values of the fields that are tried, by their paths; a field whose condition fails is absent. */
export type Setting = Readonly<Record<string, FieldValue>>;

/** The values of a setting, each with the short name of its field, such as `lr 0.01`. */
export function describeValues(values: Setting): string[] {
  return Object.entries(values).map(([path, value]) => describeField(path, value));
}

/** Digits of the numbers that are drawn from a range, so that they can be read and typed. */
const DIGITS = 4;

/** Whole numbers of a range that a grid lists without a number of points. */
const MOST_WHOLE = 100;

/**
 * The value at a place of a dimension.
 * @param place in [0, 1): equal parts of it are equally likely values, on the scale of the range
 */
export function valueAt(dimension: Dimension, place: number): FieldValue {
  if ('options' in dimension) {
    const { options } = dimension;
    const value = options[Math.min(options.length - 1, Math.floor(place * options.length))];
    if (value === undefined) throw new RangeError(`${dimension.path} has no values.`);
    return value;
  }
  const { low, high, scale, integer } = dimension;
  // Each whole number has an interval of length 1, of which the number is the lower end.
  const end = integer ? high + 1 : high;
  const value = between(low, end, scale, place);
  return integer ? Math.min(high, Math.max(low, Math.floor(value))) : rounded(value, dimension);
}

/** The values of a dimension in a grid, without repetition; undefined if a range needs a number of points. */
export function gridOf(dimension: Dimension): readonly FieldValue[] | undefined {
  if ('options' in dimension) return dimension.options;
  const { low, high, scale, integer, points } = dimension;
  if (points === undefined) {
    if (!integer || scale === 'log' || high - low >= MOST_WHOLE) return undefined;
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  }
  const values = Array.from({ length: points }, (_, i) =>
    between(low, high, scale, points === 1 ? 0 : i / (points - 1)),
  );
  return [...new Set(values.map((value) => (integer ? Math.round(value) : rounded(value, dimension))))];
}

/** Whether a value is one that a dimension can have. */
export function isIn(dimension: Dimension, value: FieldValue): boolean {
  if ('options' in dimension) return dimension.options.includes(value);
  const { low, high, integer } = dimension;
  return typeof value === 'number' && value >= low && value <= high && (!integer || Number.isInteger(value));
}

/** Whether a field is tried in a setting that has the fields before it. */
export function applies({ when }: Dimension, setting: Setting): boolean {
  return when.every(({ path, is }) => {
    const value = setting[path];
    return value !== undefined && is.includes(value);
  });
}

function between(low: number, high: number, scale: 'linear' | 'log', place: number): number {
  if (scale === 'linear') return low + place * (high - low);
  return Math.exp(Math.log(low) + place * (Math.log(high) - Math.log(low)));
}

function rounded(value: number, { low, high }: RangeDimension): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(DIGITS))));
}
