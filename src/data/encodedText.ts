import { IdStore } from './idStore.ts';
import { InputError } from './inputError.ts';
import type { TextSource } from '../config/textSource.ts';
import { type ReadReport, readText, sourceName } from './textReader.ts';
import type { TokenSequence } from './tokenSequence.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after every piece of text that was read. */
  readonly onProgress?: ((progress: { bytes: number; totalBytes: number }) => void) | undefined;
}

/** Gives characters their ids while a text streams by. */
export interface CharacterEncoder {
  /** Above every id given so far. */
  readonly idLimit: number;
  /** Writes the id of each code point of a piece into the target and returns how many there were. */
  encodeInto(piece: string, target: Int32Array): number;
}

/** A text encoded with a vocabulary that exists already, as for the evaluation of a model. */
export interface EncodedText {
  readonly ids: TokenSequence;
  readonly report: ReadReport;
  /** Characters that are not in the vocabulary. */
  readonly unknown: number;
}

/**
 * Streams a text into ids with the vocabulary of a model.
 * @throws InputError for a text that cannot be read or is empty, and the reason of an aborted signal.
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
 * One pass over a text, piece by piece, into a store of ids.
 * @throws InputError for a text that cannot be read or is empty, and the reason of an aborted signal.
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
    throw new InputError('empty', `"${sourceName(source)}" is empty. Choose a file with text in it.`);
  }
  return { store, report: reader.report };
}
