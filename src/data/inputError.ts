import { phrase, PhrasedError, type Text } from '../phrases/phrase.ts';
import { isSystemError, meaningOf } from '../phrases/causes.ts';

/** Reason why a text cannot be used, for callers that handle specific reasons. */
export type InputErrorCode =
  | 'binary'
  | 'unknown-encoding'
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
  | 'not-vectors'
  | 'impossible'
  | 'many-missing';

/** Error for a text that cannot be used. The message names the text, the problem and what the user can do. */
export class InputError extends PhrasedError {
  override readonly name = 'InputError';
  readonly code: InputErrorCode;
  /** Configuration fields that the user can change to make the text usable. */
  readonly fields: readonly string[];

  constructor(
    code: InputErrorCode,
    message: Text,
    { fields = [], ...options }: ErrorOptions & { readonly fields?: readonly string[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.fields = fields;
  }
}

/** Converts a system error of a file operation to an `InputError`; returns other errors unchanged. */
export function fileError(path: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new InputError(
      'not-found',
      phrase('The file "{0}" does not exist. Check its path, or save it first.', path),
      {
        cause: error,
      },
    );
  }
  return new InputError('unreadable', phrase('Could not read "{0}". {1}', path, meaningOf(error)), { cause: error });
}

/** Returns the error for a folder, a device or a pipe where a file is expected. */
export function notAFile(path: string): InputError {
  return new InputError('not-a-file', phrase('"{0}" is not a file. Choose a text file.', path));
}

/** Converts a system error of listing a folder to an `InputError`; returns other errors unchanged. */
export function folderError(path: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === 'ENOENT')
    return new InputError('not-found', phrase('The folder "{0}" does not exist. Check its path.', path), {
      cause: error,
    });
  if (error.code === 'ENOTDIR')
    return new InputError('not-a-folder', phrase('"{0}" is not a folder. Choose a folder of text files.', path), {
      cause: error,
    });
  return fileError(path, error);
}

/** Row that could not be used. */
export interface RowProblem {
  /** Line of the file where the row begins, from 1. */
  readonly line: number;
  readonly reason: Text;
}
