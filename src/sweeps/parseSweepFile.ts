import type * as z from 'zod';
import { ConfigError } from '../config/parse.ts';
import { joined, phrase, type Text } from '../phrases/phrase.ts';
import { type SweepFile, sweepFileSchema } from './schema.ts';

/**
 * Checks the form of a sweep file, and fills in the defaults. `checkSweep` checks what it means.
 * @throws ConfigError with a line for each invalid field
 */
export function parseSweepFile(content: unknown): SweepFile {
  const { success, data, error } = sweepFileSchema.safeParse(content);
  if (success) return data;
  const problems = error.issues.flatMap((issue) => problemsOf(issue, content));
  throw new ConfigError(
    joined(
      problems.map(({ path, reason }) => phrase('{0}: {1}', path === '' ? phrase('The sweep') : path, reason)),
      '\n',
    ),
    { fields: problems.map(({ path }) => path) },
  );
}

interface Problem {
  readonly path: string;
  readonly reason: Text;
}

function problemsOf(issue: z.core.$ZodIssue, content: unknown): Problem[] {
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
