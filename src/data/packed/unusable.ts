import { joined, phrase, type Text } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';
import { InputError } from '../inputError.ts';

/** Runs a reader of another package, whose errors do not name the file. @throws InputError that does */
export async function reading<T>(path: string, what: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError || (error instanceof Error && error.name === 'AbortError')) throw error;
    throw new InputError(
      'unreadable',
      phrase(
        '"{0}" cannot be read as {1}: it is damaged or uses what is not supported. {2}',
        path,
        what,
        textOf(error),
      ),
      { cause: error },
    );
  }
}

/** Says which columns have values that are neither text nor numbers nor times. */
export function describeUnusable(columns: readonly string[]): Text[] {
  return columns.length === 0
    ? []
    : [
        phrase(
          'Columns of bytes, intervals or shapes, which cannot be used, are left out: {0}.',
          joined(columns, ', '),
        ),
      ];
}

/** @throws InputError for a table without a usable column */
export function assertColumns(path: string, columns: readonly unknown[], unusable: readonly string[]): void {
  if (columns.length > 0) return;
  throw new InputError(
    'empty',
    unusable.length === 0
      ? phrase('"{0}" has no columns. Choose a table with texts or numbers.', path)
      : phrase(
          '"{0}" has no column of texts, numbers or times: its columns {1} cannot be used. Choose another table.',
          path,
          unusable.join(', '),
        ),
  );
}

/** Names of columns, each once. */
export function distinctNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name, index) => {
    const plain = name.trim() || `column ${index + 1}`;
    let own = plain;
    for (let count = 2; used.has(own); count++) own = `${plain} ${count}`;
    used.add(own);
    return own;
  });
}
