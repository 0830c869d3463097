import { IdStore } from './idStore.ts';
import { InputError } from './inputError.ts';
import type { TextSource } from '../config/textSource.ts';
import { type ReadReport, readText, sourceName } from './textReader.ts';
import type { TokenSequence } from './tokenSequence.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk of text. */
  readonly onProgress?: ((progress: { bytes: number; totalBytes: number }) => void) | undefined;
}

/** Converts the characters of a streamed text to ids. */
export interface CharacterEncoder {
  /** Upper bound (exclusive) of all ids so far. */
  readonly idLimit: number;
  /** Writes the id of each code point of a chunk into the target and returns their number. */
  encodeInto(piece: string, target: Int32Array): number;
}

/** Text encoded with an existing vocabulary, for example to evaluate a model. */
export interface EncodedText {
  readonly ids: TokenSequence;
  readonly report: ReadReport;
  /** Number of characters that are not in the vocabulary. */
  readonly unknown: number;
}

/**
 * Encodes a text with the vocabulary of a model while reading it.
 * @throws InputError for a text that cannot be read or is empty; the signal's reason if it is aborted
 */
export async function encodeText(
  source: TextSource,
  vocabulary: Vocabulary,
  options: LoadOptions = {},
): Promise<EncodedText> {
  let unknown = 0;
  const { store, report } = await readIds(source, options, {
    idLimit: vocabulary.size,
    encodeInto: (piece, target) => {
      const count = vocabulary.encodeInto(piece, target);
      for (let i = 0; i < count; i++) if (target[i] === 0) unknown++;
      return count;
    },
  });
  return { ids: store.sequence(0, store.length), report, unknown };
}

/**
 * Reads a text in one pass into a store of ids.
 * @throws InputError for a text that cannot be read or is empty; the signal's reason if it is aborted
 */
export async function readIds(
  source: TextSource,
  { signal, onProgress }: LoadOptions,
  encoder: CharacterEncoder,
): Promise<{ store: IdStore; report: ReadReport }> {
  const reader = await readText(source, { signal });
  const store = new IdStore();
  let ids = new Int32Array(0);
  for await (const piece of reader) {
    if (ids.length < piece.length) ids = new Int32Array(piece.length);
    const count = encoder.encodeInto(piece, ids);
    store.append(ids, count, encoder.idLimit);
    onProgress?.({ bytes: reader.bytesRead, totalBytes: reader.totalBytes });
  }
  if (store.length === 0) {
    throw new InputError('empty', `"${sourceName(source)}" is empty. Choose a file that contains text.`);
  }
  return { store, report: reader.report };
}
