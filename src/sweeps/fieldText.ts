import type { ConfigField } from '../config/fields.ts';
import type { FieldValue } from '../config/shortFields.ts';
import type { FieldSpace } from './schema.ts';

/** Values of a field that a text names, as a sweep file gives them. */
export type NamedSpace = Pick<FieldSpace, 'values' | 'choices' | 'range'> & { readonly scale?: FieldSpace['scale'] };

const RANGE = /^(\S+)\s+(?:to|\.\.)\s+(\S+)(\s+log)?$/i;

/**
 * Reads values that a user has typed: "0.001, 0.002" lists them, "0.0005 to 0.05 log" is a range, whose scale is
 * logarithmic with "log".
 * @returns undefined for a text that names no values of the field's type
 */
export function parseSpace(text: string, { type }: Pick<ConfigField, 'type'>): NamedSpace | undefined {
  const range = RANGE.exec(text.trim());
  if (range && isNumeric(type)) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
    return { range: [low, high], scale: range[3] === undefined ? 'linear' : 'log' };
  }
  const parts = text.split(',').map((part) => part.trim());
  if (parts.includes('')) return undefined;
  const values = parts.map((part) => valueOf(part, type));
  if (values.includes(undefined)) return undefined;
  return isNumeric(type) ? { values: values as number[] } : { choices: values as FieldValue[] };
}

/** The text that `parseSpace` reads. */
export function describeSpace({ values, choices, range, scale }: NamedSpace): string {
  if (range) return `${range[0]} to ${range[1]}${scale === 'log' ? ' log' : ''}`;
  return (values ?? choices ?? []).join(', ');
}

/** Values around the present one, or all values of a field that has few. */
export function suggestedSpace(field: ConfigField, value: FieldValue): NamedSpace {
  if (field.enum) return { choices: [...field.enum] };
  if (field.type === 'boolean') return { choices: [true, false] };
  if (typeof value !== 'number' || value === 0)
    return typeof value === 'number' ? { values: [0] } : { choices: [value] };
  const isInteger = field.type === 'integer';
  const around = [value / 4, value / 2, value, value * 2].map((each) => (isInteger ? Math.round(each) : rounded(each)));
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = field;
  return {
    values: [...new Set(around)].filter((each) => each >= minimum && each <= maximum && each > exclusiveMinimum),
  };
}

/** Whether the values of a type of field are numbers. */
export function isNumeric(type: ConfigField['type']): boolean {
  return type === 'integer' || type === 'number';
}

function valueOf(text: string, type: ConfigField['type']): FieldValue | undefined {
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const value = Number(text);
  return Number.isFinite(value) && (type === 'number' || Number.isInteger(value)) ? value : undefined;
}

/** A number without the digits that a division of decimals adds. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
