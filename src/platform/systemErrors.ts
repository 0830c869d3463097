/** True for the error of a missing file or folder. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** True for the error of a path that leads through a file, such as a member of an archive. */
export function isBelowFile(error: unknown): boolean {
  return codeOf(error) === 'ENOTDIR';
}

/** The system's code of an error, such as `ENOENT`; undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
