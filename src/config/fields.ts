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

/** Every field of the configuration in the order of the schema. */
export const configFields: readonly ConfigField[] = leaves(configJsonSchema(), '');

const byPath = new Map(configFields.map((field) => [field.path, field]));

/** The field at a dotted path, if the schema has one. */
export function configField(path: string): ConfigField | undefined {
  return byPath.get(path);
}

interface SchemaNode {
  readonly properties?: Record<string, SchemaNode>;
}

function leaves(node: SchemaNode, prefix: string): ConfigField[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (child.properties) return leaves(child, path);
    // z.toJSONSchema writes the integer bounds of JavaScript where the schema sets none; they would only be noise.
    const { maximum, ...field } = { ...child, path } as ConfigField;
    return [maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? field : { ...field, maximum }];
  });
}
