import * as z from 'zod';
import { joined, phrase, PhrasedError, type Text } from './phrase.ts';

/**
 * Texts of errors that come from elsewhere: the operating system, JSON.parse, a schema and the memory limits of
 * JavaScript. Their own messages name neither the file nor what to do, and no bundle translates them.
 */

/** Input that cannot be used as it is, such as a file, a folder or a run. The message says what to do. */
export class UnusableError extends PhrasedError {
  override readonly name: string = 'UnusableError';
  /** Option of the command line that the message suggests, without dashes. */
  readonly option: string | undefined;

  constructor(message: Text, { option, ...options }: ErrorOptions & { readonly option?: string } = {}) {
    super(message, options);
    this.option = option;
  }
}

/** Number of invalid values that a message lists. */
const LISTED = 3;

/** Codes of a disk, or of the part of one that this user or this site may use, without space: what to delete. */
const FULL: Readonly<Record<string, Text>> = {
  EDQUOT: phrase(
    'The space that your files may take is used up (the quota of a disk, or the storage that the browser allows): delete something, and try again. "Free space..." lists the runs by size.',
  ),
  ENOSPC: phrase(
    'The disk is full: free some space, and try again. "Free space..." and "sequence-lab runs space" list the runs by size.',
  ),
};

/** What a code of the operating system means and what to do, as sentences. */
const SYSTEM: Readonly<Record<string, Text>> = {
  ...FULL,
  EACCES: phrase('Permission is denied: check who may read and write it.'),
  EBUSY: phrase('Another program uses it: close that program, and try again.'),
  EEXIST: phrase('It exists already: choose another name.'),
  EFBIG: phrase('The file would be larger than the file system allows.'),
  EIO: phrase('The disk or the terminal reported an error: check it, and try again.'),
  EISDIR: phrase('It is a folder: name a file.'),
  ELOOP: phrase('It is a link that leads back to itself: remove the link.'),
  EMFILE: phrase('Too many files are open: close other programs, and try again.'),
  ENAMETOOLONG: phrase('Its name is too long: choose a shorter one.'),
  ENFILE: phrase('Too many files are open: close other programs, and try again.'),
  ENOENT: phrase('It does not exist: check the path.'),
  ENOMEM: phrase('The memory of this computer is used up: close other programs, and try again.'),
  ENOTDIR: phrase('A part of the path is a file, not a folder: check the path.'),
  ENOTEMPTY: phrase('The folder is not empty: choose another one.'),
  EPERM: phrase('Permission is denied: check who may read and write it.'),
  // Node's own code, only that of a path counts: see `isSystemError`.
  ERR_INVALID_ARG_VALUE: phrase('A path cannot contain the character NUL: check the path.'),
  EROFS: phrase('The file system is read-only: choose another folder.'),
  EXDEV: phrase('It is on another disk: choose a folder on the same disk.'),
};

const TOO_LARGE = phrase('It is too large for the memory of this process: use a smaller one.');

const HEAP_FULL = phrase(
  'The memory of the trainer is used up: make the data, the model, the batch or the sequences smaller.',
);

/** Limits of JavaScript, by a word of the message that V8 reports. */
const LIMITS: readonly (readonly [RegExp, Text])[] = [
  [/call stack/i, phrase('It is nested too deeply.')],
  [/string length|array length|array buffer|allocation|typed array/i, TOO_LARGE],
];

/** The message of an error as it crosses a boundary. */
export function textOf(error: unknown): Text {
  if (error instanceof PhrasedError) return error.text;
  if (error instanceof z.ZodError) return describeIssues(error);
  if (!(error instanceof Error)) return String(error);
  return describeSystemError(error) ?? describeSyntax(error) ?? describeLimit(error) ?? error.message;
}

/** Whether an error is that of a file operation: it has the system's code, or Node has refused a path with a NUL. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error && 'code' in error)) return false;
  return 'syscall' in error || (error.code === 'ERR_INVALID_ARG_VALUE' && /null bytes/.test(error.message));
}

/** What to delete, if an error, or the one that caused it, is that of a full disk. */
export function meaningOfFull(error: unknown): Text | undefined {
  if (!(error instanceof Error)) return undefined;
  return (
    ('code' in error && typeof error.code === 'string' ? FULL[error.code] : undefined) ?? meaningOfFull(error.cause)
  );
}

/** Whether an error, or the one that caused it, is that of a full disk. */
export const isFull = (error: unknown): boolean => meaningOfFull(error) !== undefined;

function describeSystemError(error: Error): Text | undefined {
  if (!isSystemError(error)) return 'code' in error && error.code === 'ERR_STRING_TOO_LONG' ? TOO_LARGE : undefined;
  return error.path === undefined ? meaningOf(error) : phrase('"{0}": {1}', error.path, meaningOf(error));
}

/** What the code of a system error means and what to do. */
export function meaningOf({ code = '' }: NodeJS.ErrnoException): Text {
  return SYSTEM[code] ?? phrase('The system reported {0}.', code);
}

/** What JSON.parse found. */
function describeSyntax(error: Error): Text | undefined {
  if (!(error instanceof SyntaxError) || !/JSON/.test(error.message)) return undefined;
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(error.message) ?? [];
  if (line !== undefined && column !== undefined)
    return phrase('It is not valid JSON at line {0}, column {1}.', Number(line), Number(column));
  const position = /position (\d+)/.exec(error.message)?.[1];
  if (position !== undefined) return phrase('It is not valid JSON at character {0}.', Number(position) + 1);
  return /end of JSON/.test(error.message)
    ? phrase('It is not valid JSON: it ends too early.')
    : phrase('It is not valid JSON.');
}

function describeLimit(error: Error): Text | undefined {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return HEAP_FULL;
  if (!(error instanceof RangeError)) return undefined;
  return LIMITS.find(([words]) => words.test(error.message))?.[1];
}

/** A path in JSON, such as "layers[2].units". */
function placeOf(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('');
}

/** The places of the values that a schema refuses, or the first reason of the product's own. */
function describeIssues({ issues }: z.core.$ZodError): Text {
  const own = issues.find(({ code }) => code === 'custom');
  if (own)
    return own.path.length === 0
      ? phrase('It is invalid: {0}.', own.message)
      : phrase('The value of {0} is invalid: {1}.', `"${placeOf(own.path)}"`, own.message);
  const places = [...new Set(issues.map(({ path }) => placeOf(path)))];
  if (places.includes('')) return phrase('It does not have the structure of such a file.');
  const shown = places.slice(0, LISTED).map((place) => `"${place}"`);
  return places.length > LISTED
    ? phrase('The values of {0} and {1} more are missing or invalid.', joined(shown, ', '), places.length - LISTED)
    : phrase('The value of {0} is missing or invalid.', joined(shown, ', '));
}
