import { type ConfigChanges, configChanges } from './runParent.ts';

/**
 * The fields of a configuration that differ from another one, by their dotted paths, in the order of the schema. A field
 * that only the other one has is not among them, such as a field of another task.
 */
export function configDifference(before: object, after: object): ConfigChanges {
  const old = leaves(before, '');
  return configChanges.parse(
    Object.fromEntries([...leaves(after, '')].filter(([path, value]) => old.get(path) !== value)),
  );
}

/** Values that are not objects, by their dotted paths. */
function leaves(node: object, prefix: string): Map<string, unknown> {
  return new Map(
    Object.entries(node).flatMap(([name, value]: [string, unknown]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      return typeof value === 'object' && value !== null ? [...leaves(value, path)] : [[path, value] as const];
    }),
  );
}
