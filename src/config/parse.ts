import type * as z from 'zod';
import { joined, phrase, PhrasedError, say, type Text } from '../phrases/phrase.ts';
import { configField, configFields } from './fields.ts';
import type { ConfigChanges } from './runParent.ts';
import { type RunConfig, runConfigSchema } from './schema.ts';
import { textOf } from '../phrases/causes.ts';

/** Invalid configuration; the message has one line for each invalid field. */
export class ConfigError extends PhrasedError {
  override readonly name = 'ConfigError';
  /** Dotted paths of the invalid fields. */
  readonly fields: readonly string[];

  constructor(message: Text, { fields = [], ...options }: ErrorOptions & { readonly fields?: readonly string[] } = {}) {
    super(message, options);
    this.fields = fields;
  }
}

/** Number of invalid fields that a message lists. */
const LISTED = 20;

/**
 * Checks a configuration and fills in the defaults.
 * @throws ConfigError that names each invalid field, its value and the allowed values
 */
export function parseRunConfig(input: unknown): RunConfig {
  const result = runConfigSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, input));
  const more = problems.length - LISTED;
  const message = joined(
    [...problems.slice(0, LISTED).map(describeProblem), more > 0 ? phrase('{0} more fields are invalid.', more) : ''],
    '\n',
  );
  throw new ConfigError(message, { fields: problems.map(({ path }) => path) });
}

/** An invalid field and the reason, a sentence that does not repeat the name of the field. */
export interface FieldProblem {
  /** Dotted path; empty for the whole configuration. */
  readonly path: string;
  readonly reason: Text;
}

/** Lists the invalid fields of a configuration, for a form that shows each reason at its field. */
export function fieldProblems(input: unknown): FieldProblem[] {
  return runConfigSchema.safeParse(input).error?.issues.flatMap((issue) => problemsOf(issue, input)) ?? [];
}

/** Parses JSON written by a user. @throws ConfigError that names the file and the position of the error */
export function parseJson(text: string, name: string): unknown {
  try {
    // A byte order mark is not part of the text.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigError(phrase('{0} cannot be read. {1}', name, textOf(error)), { cause: error });
  }
}

/**
 * Applies assignments such as `training.steps=500` on top of a configuration.
 * A value is parsed as JSON if it is JSON (numbers, "text"), otherwise it is plain text.
 * @throws ConfigError for an assignment without `=` or a field that does not exist
 */
export function applyAssignments(config: object, assignments: readonly string[]): Record<string, unknown> {
  return assignments.reduce<Record<string, unknown>>(
    (result, assignment) => {
      const equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new ConfigError(phrase('"{0}" is not of the form field=value, such as training.steps=500.', assignment));
      }
      const path = assignment.slice(0, equals);
      refuseUnknown(path);
      return setField(result, path, readFieldValue(path, assignment.slice(equals + 1)));
    },
    { ...config },
  );
}

/**
 * Applies values by the dotted paths of their fields on top of a configuration.
 * @throws ConfigError for a field that does not exist
 */
export function setFields(config: object, changes: ConfigChanges): Record<string, unknown> {
  return Object.entries(changes).reduce<Record<string, unknown>>(
    (result, [path, value]) => {
      refuseUnknown(path);
      return setField(result, path, value);
    },
    { ...config },
  );
}

function refuseUnknown(path: string): void {
  if (!configField(path))
    throw new ConfigError(describeProblem({ path, reason: unknownField(path) }), { fields: [path] });
}

/** Returns a copy of a nested configuration with one field changed, given its dotted path. */
export function setField(config: object, path: string, value: unknown): Record<string, unknown> {
  const dot = path.indexOf('.');
  if (dot < 0) return { ...config, [path]: value };
  const head = path.slice(0, dot);
  const nested = getField(config, head);
  return { ...config, [head]: setField(isObject(nested) ? nested : {}, path.slice(dot + 1), value) };
}

/** Returns the value at a dotted path, or undefined. */
export function getField(config: unknown, path: string): unknown {
  let value = config;
  for (const name of namesOf(path)) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name as keyof typeof value];
  }
  return value;
}

/** The names in a dotted path, split once. */
function namesOf(path: string): readonly string[] {
  const known = splitPaths.get(path);
  if (known) return known;
  const names = path.split('.');
  if (splitPaths.size < MOST_SPLIT) splitPaths.set(path, names);
  return names;
}

const splitPaths = new Map<string, readonly string[]>();
/** More than the fields of all tasks. */
const MOST_SPLIT = 500;

/**
 * Checks one field, for an input box that validates while the user types.
 * @returns the error message, or undefined if the value is allowed
 */
export function checkField(path: string, value: unknown): string | undefined {
  const input = setField({}, path, value);
  const [problem] = fieldProblems(input);
  return problem && say(describeProblem(problem));
}

/** Parses the input for a field; what is no text is taken as written for a field of text, such as the number of a column. */
function readFieldValue(path: string, text: string): unknown {
  const value = readValue(text);
  return configField(path)?.type === 'string' && typeof value !== 'string' ? text : value;
}

/** Parses the input for a field: as JSON if it is JSON, otherwise as text. */
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The invalid fields that an issue is about. */
function problemsOf(issue: z.core.$ZodIssue, input: unknown): FieldProblem[] {
  const path = issue.path.join('.');
  const task = String(getField(input, 'task.name'));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const unknown = path === '' ? key : `${path}.${key}`;
      const reason = path === 'task' ? phrase('the task "{0}" does not have this field.', task) : unknownField(unknown);
      return { path: unknown, reason };
    });
  }
  const value = getField(input, path);
  const which = allowed(path, task, value) ?? { phrase: issue.message };
  return [{ path, reason: phrase('{0} is not allowed; {1}.', JSON.stringify(value) ?? 'undefined', which) }];
}

function describeProblem({ path, reason }: FieldProblem): Text {
  return phrase('{0}: {1}', path === '' ? phrase('The configuration') : path, reason);
}

/** Describes the values that a field accepts; undefined for a text, where the schema says what is wrong with it. */
function allowed(path: string, task: string, value: unknown): Text | undefined {
  const field = configField(path, task);
  if (!field) return undefined;
  const { type, minimum, exclusiveMinimum, maximum } = field;
  if (field.enum) return phrase('allowed are {0}', field.enum.map((each) => `"${each}"`).join(', '));
  if (type === 'boolean') return phrase('allowed are true and false');
  if (type === 'string' && typeof value === 'string') return undefined;
  const kind = {
    integer: phrase('a whole number'),
    number: phrase('a number'),
    string: phrase('text'),
  }[type];
  if (exclusiveMinimum !== undefined)
    return maximum === undefined
      ? phrase('allowed is {0} of more than {1}', kind, exclusiveMinimum)
      : phrase('allowed is {0} from more than {1} to {2}', kind, exclusiveMinimum, maximum);
  if (minimum !== undefined)
    return maximum === undefined
      ? phrase('allowed is {0} of at least {1}', kind, minimum)
      : phrase('allowed is {0} from {1} to {2}', kind, minimum, maximum);
  return phrase('allowed is {0}', kind);
}

/** Whether the name of a field ends with, or begins like, another name: "unit", "rate". */
function isNear(path: string, name: string): boolean {
  const own = path.slice(path.lastIndexOf('.') + 1);
  return path.endsWith(name) || own.startsWith(name) || (own.length > 3 && name.startsWith(own));
}

/** Number of fields that a message suggests. */
const SUGGESTED = 5;

/** Says that a field does not exist, and which ones have a similar name. */
export function unknownField(path: string): Text {
  const last = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const near = last === '' ? [] : configFields.filter((field) => isNear(field.path.toLowerCase(), last));
  return near.length > 0
    ? phrase(
        'this field does not exist; did you mean {0}?',
        near
          .slice(0, SUGGESTED)
          .map((field) => field.path)
          .join(', '),
      )
    : phrase('this field does not exist; the documentation of the configuration lists the fields.');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
