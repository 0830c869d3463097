import * as z from 'zod';
import { runConfigSchema } from './schema.ts';

/** What settings, input boxes and error messages need to know of one field of the configuration. */
export interface ConfigField {
  /** Dotted path, as in `training.learningRate`. */
  readonly path: string;
  readonly description: string;
  readonly type: 'integer' | 'number' | 'string' | 'boolean';
  readonly default: number | string | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly enum?: readonly string[];
}

/** The JSON schema of a configuration file: the input side, where every field may be left out. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(runConfigSchema, { io: 'input', target: 'draft-7' });
}

const allFields: readonly ConfigField[] = leaves(configJsonSchema(), '');

/** Fields that name data. */
const DATA_PATHS = ['data.train', 'data.validation'] as const;

/**
 * The fields that are settings too, in the order of the schema. What a task is called, what only it has and which data
 * it takes is said in a configuration file or on the command line: a setting acts on every file.
 */
export const configFields: readonly ConfigField[] = allFields.filter(
  ({ path }) => !path.startsWith('task.') && !DATA_PATHS.some((each) => each === path),
);

const byPath = new Map(allFields.map((field) => [field.path, field]));

/** The field at a dotted path, if the schema has one. */
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
    // z.toJSONSchema writes the integer bounds of JavaScript where the schema sets none; they would only be noise.
    const { maximum, ...field } = { ...child, path } as ConfigField;
    return [maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? field : { ...field, maximum }];
  });
}

/** The fields of a union, each once; what tells its alternatives apart has all their names. */
function alternatives(nodes: readonly SchemaNode[], path: string): ConfigField[] {
  const names = nodes.flatMap(({ properties }) => properties?.['name']?.const ?? []);
  const description = 'Which of the kinds there are.';
  const name = { path: `${path}.name`, description, type: 'string', default: names[0] ?? '', enum: names } as const;
  const others = nodes.flatMap((node) => leaves(node, path)).filter((field) => field.path !== name.path);
  return [name, ...new Map(others.map((field) => [field.path, field])).values()];
}
