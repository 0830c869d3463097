import type * as z from 'zod';
import { configField, configFields } from './fields.ts';
import { type RunConfig, runConfigSchema } from './schema.ts';

/** Invalid configuration; the message has one line for each invalid field. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Dotted paths of the invalid fields. */
  readonly fields: readonly string[];

  constructor(
    message: string,
    { fields = [], ...options }: ErrorOptions & { readonly fields?: readonly string[] } = {},
  ) {
    super(message, options);
    this.fields = fields;
  }
}

/**
 * Checks a configuration and fills in the defaults.
 * @throws ConfigError that names each invalid field, its value and the allowed values
 */
export function parseRunConfig(input: unknown): RunConfig {
  const result = runConfigSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, input));
  throw new ConfigError(problems.map(describeProblem).join('\n'), { fields: problems.map(({ path }) => path) });
}

/** An invalid field and the reason, a sentence that does not repeat the name of the field. */
export interface FieldProblem {
  /** Dotted path; empty for the whole configuration. */
  readonly path: string;
  readonly reason: string;
}

/** Lists the invalid fields of a configuration, for a form that shows each reason at its field. */
export function fieldProblems(input: unknown): FieldProblem[] {
  return runConfigSchema.safeParse(input).error?.issues.flatMap((issue) => problemsOf(issue, input)) ?? [];
}

/** Parses JSON written by a user. @throws ConfigError that names the file and the position of the error */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${name} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
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
        throw new ConfigError(`"${assignment}" is not of the form field=value, such as training.steps=500.`);
      }
      const path = assignment.slice(0, equals);
      if (!configField(path)) {
        throw new ConfigError(describeProblem({ path, reason: unknownField(path) }), { fields: [path] });
      }
      return setField(result, path, readValue(assignment.slice(equals + 1)));
    },
    { ...config },
  );
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
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name as keyof typeof value] : undefined),
      config,
    );
}

/**
 * Checks one field, for an input box that validates while the user types.
 * @returns the error message, or undefined if the value is allowed
 */
export function checkField(path: string, value: unknown): string | undefined {
  const input = setField({}, path, value);
  const [problem] = fieldProblems(input);
  return problem && describeProblem(problem);
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
      const reason = path === 'task' ? `the task "${task}" does not have this field.` : unknownField(unknown);
      return { path: unknown, reason };
    });
  }
  const value = getField(input, path);
  const which = allowed(path, task, value) ?? issue.message;
  return [{ path, reason: `${JSON.stringify(value) ?? 'undefined'} is not allowed; ${which}.` }];
}

function describeProblem({ path, reason }: FieldProblem): string {
  return `${path === '' ? 'The configuration' : path}: ${reason}`;
}

/** Describes the values that a field accepts; undefined for a text, where the schema says what is wrong with it. */
function allowed(path: string, task: string, value: unknown): string | undefined {
  const field = configField(path, task);
  if (!field) return undefined;
  if (field.enum) return `allowed are ${field.enum.map((value) => `"${value}"`).join(', ')}`;
  if (field.type === 'boolean') return 'allowed are true and false';
  if (field.type === 'string' && typeof value === 'string') return undefined;
  const kind = { integer: 'a whole number', number: 'a number', string: 'text' }[field.type];
  const low = field.exclusiveMinimum === undefined ? field.minimum : `more than ${field.exclusiveMinimum}`;
  if (low !== undefined && field.maximum !== undefined) return `allowed is ${kind} from ${low} to ${field.maximum}`;
  if (low !== undefined) return `allowed is ${kind} ${typeof low === 'number' ? `of at least ${low}` : low}`;
  return `allowed is ${kind}`;
}

function unknownField(path: string): string {
  const last = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const near = configFields.filter((field) => field.path.toLowerCase().endsWith(last));
  const hint =
    near.length > 0
      ? `did you mean ${near.map((field) => field.path).join(' or ')}?`
      : `fields are ${configFields.map((field) => field.path).join(', ')}.`;
  return `this field does not exist; ${hint}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
