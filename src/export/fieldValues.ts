import type { FieldValue } from '../config/shortFields.ts';
import type { RunConfig } from '../config/schema.ts';

/** The fields of a configuration by their dotted paths, such as `training.learningRate`; a list as a text. */
export function fieldValues(config: RunConfig): ReadonlyMap<string, FieldValue> {
  return new Map(leaves(config, ''));
}

function* leaves(value: object, prefix: string): Generator<[path: string, value: FieldValue]> {
  for (const [name, each] of Object.entries(value) as [string, unknown][]) {
    const path = `${prefix}${name}`;
    if (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean') yield [path, each];
    else if (Array.isArray(each)) yield [path, each.join(' ')];
    else if (typeof each === 'object' && each !== null) yield* leaves(each, `${path}.`);
  }
}
