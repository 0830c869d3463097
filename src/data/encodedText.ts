import { isDocuments } from './documents/listDocuments.ts';
import { describeLeftOut, readDocuments, type TextDocument } from './documents/readDocuments.ts';
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
  /** Ids of each document of a folder, or of the text. */
  readonly documents: readonly TokenSequence[];
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
  const { store, report, documents } = await readIds(source, options, vocabulary.encoder());
  const sequences = documents?.map(({ ids }) => ids) ?? [store.sequence(0, store.length)];
  return { documents: sequences, report, unknown: sequences.reduce((sum, ids) => sum + countUnknown(ids), 0) };
}

/** Number of tokens with the id of `<unk>`. */
export function countUnknown(sequence: TokenSequence): number {
  let unknown = 0;
  for (const block of sequence.blocks()) for (let at = 0; at < block.length; at++) if (block[at] === 0) unknown++;
  return unknown;
}

/** A document of a corpus as ids. */
export interface EncodedDocument extends Omit<TextDocument, 'pieces'> {
  readonly ids: TokenSequence;
}

/** A text, or the documents of a folder one after another, as ids. */
interface ReadIds {
  readonly store: IdStore;
  readonly report: ReadReport;
  /** Undefined for a text. */
  readonly documents?: readonly EncodedDocument[];
}

/**
 * Reads a text, or the documents of a folder, in one pass into a store of ids.
 * @throws InputError for a text that cannot be read or is empty; the signal's reason if it is aborted
 */
export async function readIds(source: TextSource, options: LoadOptions, encoder: TokenEncoder): Promise<ReadIds> {
  if (source.kind === 'file' && (await isDocuments(source))) return readDocumentIds(source, options, encoder);
  const { signal, onProgress } = options;
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

async function readDocumentIds(
  source: TextSource & { readonly kind: 'file' },
  options: LoadOptions,
  encoder: TokenEncoder,
): Promise<ReadIds> {
  const store = new IdStore();
  const append = (ids: Int32Array) => store.append(ids, ids.length, encoder.idLimit);
  const documents: EncodedDocument[] = [];
  const { leftOut, ...report } = await readDocuments(source, options, ({ pieces, ...document }) => {
    const start = store.length;
    for (const piece of pieces) append(encoder.encode(piece));
    append(encoder.end());
    documents.push({ ...document, ids: store.sequence(start, store.length) });
  });
  return { store, report: { ...report, notes: [...report.notes, ...describeLeftOut(leftOut)] }, documents };
}
