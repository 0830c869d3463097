import { hasEffect } from '../../src/config/applicability.ts';
import { type ConfigField, fieldsOf } from '../../src/config/fields.ts';
import { ConfigError, fieldProblems, getField, parseRunConfig, setField } from '../../src/config/parse.ts';
import type { RunConfig } from '../../src/config/schema.ts';
import { checkModel, tasks } from '../../src/config/tasks.ts';
import { type TextFacts, textProblem } from '../../src/protocol/textFacts.ts';
import { readTyped, type Typed } from './fieldText.ts';
import { say } from '../../src/phrases/phrase.ts';

/** The input of the user by dotted path; a field without an entry has the value of the configuration it starts from. */
export type Inputs = Readonly<Record<string, Typed>>;

/** What the input of a form amounts to. */
export interface Draft {
  /** The start with the valid changes: what the page describes while some input is invalid. */
  readonly valid: RunConfig;
  /** The configuration to train; undefined while some input is invalid. */
  readonly config: RunConfig | undefined;
  /** Reasons why the values of fields are not allowed, by dotted path. */
  readonly problems: ReadonlyMap<string, string>;
  /** The fields that have an effect on this run, in the order of the schema. */
  readonly fields: readonly ConfigField[];
  /** The configuration that a change is marked against: the start or, for the fields of another task, its defaults. */
  readonly reference: RunConfig;
  /** What is known of the text to train on; null for other data. */
  readonly text: TextFacts | null;
}

/**
 * Applies the input of the user to a configuration. Input in a field that has no effect on the run is kept in the form,
 * but is not a part of the result.
 * @param text what is known of the text to train on
 */
export function draftOf(start: RunConfig, inputs: Inputs, text: TextFacts | null = null): Draft {
  const task = taskIn(inputs) ?? start.task.name;
  const reference =
    task === start.task.name ? start : { ...start, task: parseRunConfig({ task: { name: task } }).task };
  const allFields = fieldsOf(task);
  const values = allFields.flatMap((field): Value[] => {
    const typed = field.path === 'task.name' ? undefined : inputs[field.path];
    return typed === undefined ? [] : [{ path: field.path, value: readTyped(field, typed) }];
  });
  const { valid, problems: refused } = applied(reference, values);
  const textOf = valid.data.train === start.data.train ? text : null;
  const problem = refused.size === 0 && textOf ? textProblem(textOf, valid) : undefined;
  const problems = problem ? new Map([[problem.path, problem.reason]]) : refused;
  const fields = allFields.filter(({ path }) => hasEffect(valid, path) && isOffered(valid, path));
  return { valid, config: problems.size === 0 ? valid : undefined, problems, fields, reference, text: textOf };
}

interface Value {
  readonly path: string;
  readonly value: unknown;
}

function applied(
  reference: RunConfig,
  values: readonly Value[],
): { readonly valid: RunConfig; readonly problems: ReadonlyMap<string, string> } {
  const found = new Map(fieldProblems(withValues(reference, values)).map(({ path, reason }) => [path, say(reason)]));
  const valid = parseRunConfig(
    withValues(
      reference,
      values.filter(({ path }) => !found.has(path)),
    ),
  );
  const effective = values.filter(({ path }) => hasEffect(valid, path));
  // Without values that have no effect, other values may have none: those that depend on them.
  if (effective.length < values.length) return applied(reference, effective);
  return { valid, problems: found.size > 0 ? found : modelProblems(valid) };
}

function withValues(config: RunConfig, values: readonly Value[]): object {
  return values.reduce<object>((result, { path, value }) => setField(result, path, value), config);
}

/** Reasons why valid values do not fit together. */
function modelProblems(config: RunConfig): ReadonlyMap<string, string> {
  try {
    checkModel(config);
    return new Map();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [path = '', ...others] = error.fields;
    const reason = error.message.startsWith(`${path}: `) ? error.message.slice(path.length + 2) : error.message;
    return new Map([path, ...others].map((field) => [field, reason]));
  }
}

function taskIn(inputs: Inputs): RunConfig['task']['name'] | undefined {
  const chosen = inputs['task.name'];
  return Object.keys(tasks).find((name): name is RunConfig['task']['name'] => name === chosen);
}

/** Fields that apply to all tasks, but whose only allowed value in some is the default. */
const CHOICES: Readonly<Record<string, (config: RunConfig) => boolean>> = {
  'model.family': ({ task, model }) => {
    const { families } = tasks[task.name];
    return families.length > 1 || !families.includes(model.family);
  },
  'model.bidirectional': ({ task, model }) => tasks[task.name].bidirectional || model.bidirectional,
};

/** Whether a field has more than one allowed value in the task of a configuration. */
export function isOffered(config: RunConfig, path: string): boolean {
  return CHOICES[path]?.(config) ?? true;
}

/** The choices of a field: the families of the task, and the tasks that fit the data; undefined for free input. */
export function choicesOf(
  field: ConfigField,
  { valid }: Pick<Draft, 'valid'>,
  generated: boolean,
): readonly string[] | undefined {
  if (field.path === 'task.name')
    return field.enum?.filter((name) => isTask(name) && tasks[name].generated === generated);
  if (field.path !== 'model.family') return field.enum;
  const { families } = tasks[valid.task.name];
  return field.enum?.filter((name) => name === valid.model.family || families.some((each) => each === name));
}

function isTask(name: string): name is RunConfig['task']['name'] {
  return Object.hasOwn(tasks, name);
}

/** Whether the value of a field differs from the configuration that the form starts from. */
export function isChanged({ valid, reference, problems }: Draft, start: RunConfig, path: string): boolean {
  return problems.has(path) || getField(valid, path) !== getField(path === 'task.name' ? start : reference, path);
}
