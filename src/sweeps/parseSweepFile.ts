import type * as z from 'zod';
import type { FieldProblem } from '../config/parse.ts';
import { phrase } from '../phrases/phrase.ts';
import { type SweepFile, sweepFileSchema } from './schema.ts';
import { sweepProblems } from './sweepProblems.ts';

/**
 * Checks the form of a sweep file, and fills in the defaults. `checkSweep` checks what it means.
 * @throws ConfigError with a line for each invalid field
 */
export function parseSweepFile(content: unknown): SweepFile {
  const { success, data, error } = sweepFileSchema.safeParse(content);
  if (success) return data;
  const problems = error.issues.flatMap((issue) => problemsOf(issue, content));
  throw sweepProblems(problems);
}

function problemsOf(issue: z.core.$ZodIssue, content: unknown): FieldProblem[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, reason: UNKNOWN }));
  const value = JSON.stringify(valueAt(content, issue.path)) ?? 'undefined';
  return [{ path, reason: phrase('{0} is not allowed; {1}.', value, { phrase: issue.message }) }];
}

const UNKNOWN = phrase('this field does not exist; the documentation of sweeps lists the fields.');

/** The value at a path, whose names may have dots. */
function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? value[name as keyof typeof value]
        : undefined,
    content,
  );
}
