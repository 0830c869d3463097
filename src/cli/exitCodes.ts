/** Exit codes of the process, listed in --help. */
export const ExitCode = { ok: 0, failed: 1, badInput: 2, diverged: 3, interrupted: 130, outputClosed: 141 } as const;

/** Options or arguments that do not go together, or that name nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Names of errors that the user can fix with other input. */
const INPUT_ERRORS = new Set([
  'ConfigError',
  'DamagedRunError',
  'FilterError',
  'InputError',
  'RunNotFoundError',
  'RunLockedError',
  'UnusableError',
  'UsageError',
]);

export function exitCodeOf(error: unknown): number {
  return error instanceof Error && INPUT_ERRORS.has(error.name) ? ExitCode.badInput : ExitCode.failed;
}
