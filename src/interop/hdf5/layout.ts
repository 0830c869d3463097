import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import type { ByteReader } from './byteReader.ts';

/** Where the values of a dataset are. */
export type DataPlace =
  | { readonly kind: 'compact'; readonly values: ByteReader }
  | { readonly kind: 'contiguous'; readonly address: number | undefined }
  | Chunked;

export interface Chunked {
  readonly kind: 'chunked';
  /** B-tree of the chunks. */
  readonly address: number | undefined;
  /** Lengths of the axes of a chunk. */
  readonly chunk: readonly number[];
}

/** A step between the stored bytes and the values. */
export interface Filter {
  readonly id: number;
}

/** Reads a layout message. */
export function readPlace(reader: ByteReader): DataPlace {
  const version = reader.u8();
  const kind = reader.u8();
  if (version === 3 || (version === 4 && kind < 2)) {
    if (kind === 0) return { kind: 'compact', values: reader.part(reader.u16()) };
    if (kind === 1) return { kind: 'contiguous', address: reader.addressOrNone() };
    if (kind === 2) {
      const axes = reader.u8();
      const address = reader.addressOrNone();
      const chunk = Array.from({ length: Math.max(0, axes - 1) }, () => reader.u32());
      if (chunk.includes(0)) throw new PhrasedError(phrase('It is damaged, or not whole.'));
      return { kind: 'chunked', address, chunk };
    }
  }
  throw new PhrasedError(
    phrase('A dataset has the layout {0} of version {1}, which is not known. Save it again with h5py.', kind, version),
  );
}

/** Reads a message of filters, in the order in which they were applied. */
export function readFilters(reader: ByteReader): readonly Filter[] {
  const version = reader.u8();
  const count = reader.u8();
  if (version === 1) reader.skip(6);
  return Array.from({ length: count }, () => {
    const id = reader.u16();
    const nameBytes = version === 1 || id >= 256 ? reader.u16() : 0;
    reader.skip(2);
    const values = reader.u16();
    reader.skip(nameBytes);
    // Pairs of values in version 1.
    reader.skip(4 * (version === 1 ? values + (values % 2) : values));
    return { id };
  });
}
