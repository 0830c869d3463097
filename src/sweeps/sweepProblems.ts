import { ConfigError, type FieldProblem } from '../config/parse.ts';
import { textOf } from '../phrases/causes.ts';
import { joined, phrase } from '../phrases/phrase.ts';

/** Problems of a sweep file, each with the path of its part. */
class SweepError extends ConfigError {
  readonly problems: readonly FieldProblem[];

  constructor(problems: readonly FieldProblem[]) {
    super(
      joined(
        problems.map(({ path, reason }) => phrase('{0}: {1}', path === '' ? phrase('The sweep') : path, reason)),
        '\n',
      ),
      { fields: problems.map(({ path }) => path) },
    );
    this.problems = problems;
  }
}

/** An error with a line for each problem of a sweep file, which names the field and what to do. */
export function sweepProblems(problems: readonly FieldProblem[]): ConfigError {
  return new SweepError(problems);
}

/** The problems that an error of a sweep names, each with its field; one with an empty path if it names no field. */
export function problemsIn(error: ConfigError): readonly FieldProblem[] {
  if (error instanceof SweepError) return error.problems;
  return [{ path: error.fields[0] ?? '', reason: textOf(error) }];
}
