import type { ConfigField } from '../../config/fields.ts';
import { readValue } from '../../config/parse.ts';

/**
 * Reads what a user typed for a field. Text stays as it is, digits included; seconds may be given in
 * minutes ("5 min"). What cannot be read is passed on as typed, for the schema to complain about.
 */
export function readTyped(field: ConfigField, text: string): unknown {
  if (field.type === 'string') return text;
  const minutes = field.path.endsWith('.seconds')
    ? /^\s*(\d+(?:\.\d+)?)\s*m(?:in(?:utes?)?)?\s*$/.exec(text)?.[1]
    : undefined;
  return minutes === undefined ? readValue(text.trim()) : Number(minutes) * 60;
}

/** A value as the list of fields shows it. */
export function shownValue(field: ConfigField, value: unknown): string {
  if (field.type === 'string' && !field.enum) return JSON.stringify(value);
  if (field.path.endsWith('.seconds'))
    return value === 0 ? '0 (no limit)' : `${Number(value)} s (${(Number(value) / 60).toFixed(1)} min)`;
  return String(value);
}
