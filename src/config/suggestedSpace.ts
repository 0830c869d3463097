import type { ConfigField } from './fields.ts';
import type { FieldValue } from './shortFields.ts';

/** Values of a field to try: numbers, or values without an order. */
export type SuggestedSpace = { readonly values: readonly number[] } | { readonly choices: readonly FieldValue[] };

/** Factor of the ends of a suggested range to the present value. */
const FACTOR = 4;
/** The range of learning rates is wider: the best one may be far from the present one. */
const FACTORS: Readonly<Record<string, number>> = { 'training.learningRate': 10 };

/** Values around the present one, or all values of a field that has few. */
export function suggestedSpace(field: ConfigField, value: FieldValue): SuggestedSpace {
  if (field.enum) return { choices: [...field.enum] };
  if (field.type === 'boolean') return { choices: [true, false] };
  if (typeof value !== 'number') return { choices: [value] };
  if (value === 0) return { values: [0] };
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = field;
  const around = [value / 4, value / 2, value, value * 2].map((each) => ofType(field, each));
  return {
    values: [...new Set(around)].filter((each) => each >= minimum && each <= maximum && each > exclusiveMinimum),
  };
}

/** A range around the present value within the bounds of the field, as its smallest and largest value. */
export function suggestedRange(field: ConfigField, value: number): readonly [number, number] {
  const factor = FACTORS[field.path] ?? FACTOR;
  const { minimum = -Infinity, maximum = Infinity } = field;
  const ends = value === 0 ? [0, 1] : [value / factor, value * factor].sort((a, b) => a - b);
  const [low = value, high = value] = ends.map((end) => ofType(field, Math.min(maximum, Math.max(minimum, end))));
  return [low, high];
}

function ofType({ type }: Pick<ConfigField, 'type'>, value: number): number {
  return type === 'integer' ? Math.round(value) : rounded(value);
}

/** Whether the values of a type of field are numbers. */
export function isNumeric(type: ConfigField['type']): boolean {
  return type === 'integer' || type === 'number';
}

/** A number without the digits that a division of decimals adds. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
