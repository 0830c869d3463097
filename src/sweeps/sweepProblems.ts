import { ConfigError, type FieldProblem } from '../config/parse.ts';
import { joined, phrase } from '../phrases/phrase.ts';

/** An error with a line for each problem of a sweep file, which names the field and what to do. */
export function sweepProblems(problems: readonly FieldProblem[]): ConfigError {
  return new ConfigError(
    joined(
      problems.map(({ path, reason }) => phrase('{0}: {1}', path === '' ? phrase('The sweep') : path, reason)),
      '\n',
    ),
    { fields: problems.map(({ path }) => path) },
  );
}
