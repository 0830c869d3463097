/** Bytes that a reader needs: from one place of a file up to another. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Reader that yields the ranges it needs, and gets their bytes: fewer at the end of the file. So the same reader serves
 * files in memory, at once, and files on disk, asynchronously.
 */
export type Reads<T> = Generator<Range, T, Uint8Array>;

/** Runs a reader on bytes in memory. */
export function readNow<T>(reads: Reads<T>, bytes: Uint8Array): T {
  let next = reads.next();
  while (next.done !== true) next = reads.next(bytes.subarray(next.value.start, next.value.end));
  return next.value;
}

/** Runs a reader on a file. @param read returns the bytes of a range */
export async function readLater<T>(
  reads: Reads<T>,
  read: (start: number, end: number) => Promise<Uint8Array>,
): Promise<T> {
  let next = reads.next();
  while (next.done !== true) next = reads.next(await read(next.value.start, next.value.end));
  return next.value;
}
