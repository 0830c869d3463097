import { IdStore } from './idStore.ts';
import { InputError } from './inputError.ts';
import type { TextSource } from '../config/textSource.ts';
import { type ReadReport, readText, sourceName } from './textReader.ts';
import type { TextVocabulary, TokenEncoder } from './textVocabulary.ts';
import type { TokenSequence } from './tokenSequence.ts';
import { phrase } from '../phrases/phrase.ts';

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk of text. */
  readonly onProgress?: ((progress: { bytes: number; totalBytes: number }) => void) | undefined;
}

/** Text encoded with an existing vocabulary, for example to evaluate a model. */
export interface EncodedText {
  readonly ids: TokenSequence;
  readonly report: ReadReport;
  /** Number of tokens that are not in the vocabulary. */
  readonly unknown: number;
}

/**
 * Encodes a text with the vocabulary of a model while reading it.
 * @throws InputError for a text that cannot be read or is empty; the signal's reason if it is aborted
 */
export async function encodeText(
  source: TextSource,
  vocabulary: TextVocabulary,
  options: LoadOptions = {},
): Promise<EncodedText> {
  const { store, report } = await readIds(source, options, vocabulary.encoder());
  const ids = store.sequence(0, store.length);
  return { ids, report, unknown: countUnknown(ids) };
}

/** Number of tokens with the id of `<unk>`. */
export function countUnknown(sequence: TokenSequence): number {
  let unknown = 0;
  for (const block of sequence.blocks()) for (const id of block) if (id === 0) unknown++;
  return unknown;
}

/**
 * Reads a text in one pass into a store of ids.
 * @throws InputError for a text that cannot be read or is empty; the signal's reason if it is aborted
 */
export async function readIds(
  source: TextSource,
  { signal, onProgress }: LoadOptions,
  encoder: TokenEncoder,
): Promise<{ store: IdStore; report: ReadReport }> {
  const reader = await readText(source, { signal });
  const store = new IdStore();
  const append = (ids: Int32Array) => store.append(ids, ids.length, encoder.idLimit);
  for await (const piece of reader) {
    append(encoder.encode(piece));
    onProgress?.({ bytes: reader.bytesRead, totalBytes: reader.totalBytes });
  }
  append(encoder.end());
  if (store.length === 0) {
    throw new InputError('empty', phrase('"{0}" is empty. Choose a file that contains text.', sourceName(source)));
  }
  return { store, report: reader.report };
}
