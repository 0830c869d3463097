import type { ConfigField } from '../../config/fields.ts';
import { readValue } from '../../config/parse.ts';

/**
 * Parses the input for a field. Text fields keep their text; durations may be given in minutes ("5 min"). Input that
 * cannot be parsed is returned unchanged, so that the schema reports it.
 */
export function parseInput(field: ConfigField, text: string): unknown {
  if (field.type === 'string') return text;
  const minutes = field.path.endsWith('.seconds')
    ? /^\s*(\d+(?:\.\d+)?)\s*m(?:in(?:utes?)?)?\s*$/.exec(text)?.[1]
    : undefined;
  return minutes === undefined ? readValue(text.trim()) : Number(minutes) * 60;
}

/** Formats a value for the list of fields. */
export function formatFieldValue(field: ConfigField, value: unknown): string {
  if (field.type === 'string' && !field.enum) return JSON.stringify(value);
  if (field.path.endsWith('.seconds'))
    return value === 0 ? '0 (no limit)' : `${Number(value)} s (${(Number(value) / 60).toFixed(1)} min)`;
  return String(value);
}
