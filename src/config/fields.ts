import * as z from 'zod';
import type { Phrase } from '../phrases/phrase.ts';
import { READING_FIELDS } from './reading.ts';
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

/**
 * The description of a field as a phrase. The schema has it as a string, because the JSON schema and the settings are
 * generated from it; the generator adds it to the bundles of translations.
 */
export function describedField({ description }: Pick<ConfigField, 'description'>): Phrase {
  return { phrase: description };
}

/** JSON schema of a configuration file, in which every field is optional. */
export const configJsonSchema: Readonly<Record<string, unknown>> = z.toJSONSchema(runConfigSchema, {
  io: 'input',
  target: 'draft-7',
});

const allFields: readonly ConfigField[] = leaves(configJsonSchema, '');

/** Path of the field that selects the task. */
const TASK_NAME = 'task.name';

/** The fields that name files or folders. */
export const FILE_FIELDS: ReadonlySet<string> = new Set([
  'data.train',
  'data.validation',
  'task.target',
  'task.wordVectors',
]);

/** Fields that name data files, or say how they are read. */
const OF_A_FILE: ReadonlySet<string> = new Set([
  'data.train',
  'data.validation',
  ...READING_FIELDS.map((name) => `data.${name}`),
]);

/**
 * The fields that are also settings, in the order of the schema. The fields of a task, the data files and their reading are not:
 * they differ from file to file, so they belong in a configuration file or on the command line.
 */
export const configFields: readonly ConfigField[] = allFields.filter(
  ({ path }) => !path.startsWith('task.') && !OF_A_FILE.has(path),
);

const byPath = new Map(allFields.map((field) => [field.path, field]));

/** The fields of each task by its name: fields of one name differ between tasks in default and bounds. */
const byTask = new Map(
  (configJsonSchema as SchemaNode).properties?.['task']?.oneOf?.map((node) => [
    node.properties?.['name']?.const ?? '',
    new Map(leaves(node, 'task').map((field) => [field.path, field])),
  ]),
);

/**
 * Finds a field by its dotted path.
 * @param task name of the task that a field of a task belongs to; if absent, the field of any task
 */
export function configField(path: string, task?: string): ConfigField | undefined {
  const field = byPath.get(path);
  return path === TASK_NAME ? field : (byTask.get(task ?? '')?.get(path) ?? field);
}

/** All fields of a configuration with a task, in the order of the schema. */
export function fieldsOf(task: string): readonly ConfigField[] {
  const fields = byTask.get(task);
  return allFields.flatMap((field) =>
    !field.path.startsWith('task.') || field.path === TASK_NAME ? [field] : (fields?.get(field.path) ?? []),
  );
}

/** The descriptions of all fields of all tasks, without repetition. */
export function allDescriptions(): readonly string[] {
  const ofTasks = [...byTask.values()].flatMap((fields) => [...fields.values()]);
  return [...new Set([...allFields, ...ofTasks].map(({ description }) => description))];
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
  // eslint-disable-next-line lab/translated -- a description, which the bundle of translations contains
  const description = 'Task to train.';
  const name = { path: `${path}.name`, description, type: 'string', default: names[0] ?? '', enum: names } as const;
  const others = nodes.flatMap((node) => leaves(node, path)).filter((field) => field.path !== name.path);
  return [name, ...new Map(others.map((field) => [field.path, field])).values()];
}
