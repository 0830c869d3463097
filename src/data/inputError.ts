/** Why a text cannot be used, for callers that react to the reason rather than to the message. */
export type InputErrorCode =
  | 'binary'
  | 'empty'
  | 'too-short'
  | 'not-found'
  | 'not-a-file'
  | 'not-a-folder'
  | 'unreadable'
  | 'no-column'
  | 'no-labels'
  | 'unknown-label'
  | 'not-parallel'
  | 'not-vectors';

/** A text that cannot be used. The message names it, says what is wrong and what the user can do. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: InputErrorCode;
  /** Fields of the configuration that the user can change so that the text can be used. */
  readonly fields: readonly string[];

  constructor(
    code: InputErrorCode,
    message: string,
    { fields = [], ...options }: ErrorOptions & { readonly fields?: readonly string[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.fields = fields;
  }
}

/** Puts a failed file operation into words; errors that do not come from the system pass unchanged. */
export function fileError(path: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new InputError('not-found', `There is no file "${path}". Check its path, or save it first.`, {
      cause: error,
    });
  }
  return new InputError(
    'unreadable',
    `"${path}" cannot be read (${error.message}). Check its permissions and its disk.`,
    { cause: error },
  );
}

/** The error for a folder, a device or a pipe where a file is expected. */
export function notAFile(path: string): InputError {
  return new InputError('not-a-file', `"${path}" is not a file. Choose a text file.`);
}

/** Puts a failed look into a folder into words; errors that do not come from the system pass unchanged. */
export function folderError(path: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === 'ENOENT')
    return new InputError('not-found', `There is no folder "${path}". Check its path.`, { cause: error });
  if (error.code === 'ENOTDIR')
    return new InputError('not-a-folder', `"${path}" is not a folder. Choose a folder of text files.`, {
      cause: error,
    });
  return fileError(path, error);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** A row that could not be used. */
export interface RowProblem {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly reason: string;
}
