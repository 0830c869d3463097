import * as z from 'zod';
import { runConfigSchema } from './schema.ts';

/** A field of the configuration, for settings, input boxes, error messages and documentation. */
export interface ConfigField {
  /** Dotted path, such as `training.learningRate`. */
  readonly path: string;
  readonly description: string;
  readonly type: 'integer' | 'number' | 'string' | 'boolean';
  readonly default: number | string | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly enum?: readonly string[];
}

/** JSON schema of a configuration file, in which every field is optional. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(runConfigSchema, { io: 'input', target: 'draft-7' });
}

const allFields: readonly ConfigField[] = leaves(configJsonSchema(), '');

/** Fields that name data files. */
const DATA_PATHS = ['data.train', 'data.validation'] as const;

/**
 * The fields that are also settings, in the order of the schema. The fields of a task and the data files are not: they
 * differ from file to file, so they belong in a configuration file or on the command line.
 */
export const configFields: readonly ConfigField[] = allFields.filter(
  ({ path }) => !path.startsWith('task.') && !DATA_PATHS.some((each) => each === path),
);

const byPath = new Map(allFields.map((field) => [field.path, field]));

/** Finds a field by its dotted path. */
export function configField(path: string): ConfigField | undefined {
  return byPath.get(path);
}

interface SchemaNode {
  readonly properties?: Record<string, SchemaNode>;
  readonly oneOf?: readonly SchemaNode[];
  readonly const?: string;
}

function leaves(node: SchemaNode, prefix: string): ConfigField[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (child.oneOf) return alternatives(child.oneOf, path);
    if (child.properties) return leaves(child, path);
    // Omits the integer bounds of JavaScript, which z.toJSONSchema writes if the schema has no bounds.
    const { maximum, ...field } = { ...child, path } as ConfigField;
    return [maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? field : { ...field, maximum }];
  });
}

/** The fields of a union, each once. The discriminator becomes an enum of all names. */
function alternatives(nodes: readonly SchemaNode[], path: string): ConfigField[] {
  const names = nodes.flatMap(({ properties }) => properties?.['name']?.const ?? []);
  const description = 'Task to train.';
  const name = { path: `${path}.name`, description, type: 'string', default: names[0] ?? '', enum: names } as const;
  const others = nodes.flatMap((node) => leaves(node, path)).filter((field) => field.path !== name.path);
  return [name, ...new Map(others.map((field) => [field.path, field])).values()];
}
