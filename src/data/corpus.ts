import { yieldToEventLoop } from '../platform/system.ts';
import type { Documented } from './dataFormat.ts';
import { splitDocuments } from './documents/splitDocuments.ts';
import { countUnknown, type EncodedDocument, type LoadOptions, readIds } from './encodedText.ts';
import type { IdStore } from './idStore.ts';
import { InputError } from './inputError.ts';
import { isLongEnough, tokensNeeded, trainingTokens } from '../config/textLength.ts';
import type { TextSource } from '../config/textSource.ts';
import { SeenCharacters, SeenSubwords, SeenWords, type WordLimits } from './seenTokens.ts';
import { type ReadReport, sourceName } from './textReader.ts';
import type { TextVocabulary } from './textVocabulary.ts';
import type { TokenizerVocabulary } from './tokenizers/tokenizerVocabulary.ts';
import type { TokenSequence } from './tokenSequence.ts';
import { phrase } from '../phrases/phrase.ts';

/** Text without rows. */
export const plainText: Documented = {
  documented: {
    kind: 'text',
    tasks: ['language-model'],
    title: 'plain text',
    example: { 'story.txt': 'It was a dark, stormy night.\nThe lamp was out: nobody came.\n' },
    detected: 'none of the others',
    notes: 'Two files whose lines correspond are read as pairs, the second in `task.target`',
  },
};

/** Text in several files. */
export const documents: Documented = {
  documented: {
    kind: 'corpus',
    tasks: ['language-model'],
    title: 'folder of documents',
    example: { 'guide/start.md': '# Start\n\nOpen the door.\n', 'guide/end.md': '# End\n\nClose the door.\n' },
    detected: 'another folder, or a path with wildcards such as `docs/**/*.md`',
    notes: 'A text in each file, by the usual extensions of texts. Other files are named and left out',
  },
};

/** Encoded text for training. */
export interface Corpus {
  /** Characters or frequent words of the training part, and `<unk>`. */
  readonly vocabulary: TextVocabulary;
  /** The training part: the beginning of the text, or whole documents. */
  readonly train: readonly TokenSequence[];
  /** The tail of the text, or whole documents. */
  readonly validation: readonly TokenSequence[];
  /** The documents of a folder; undefined for a text. */
  readonly documents: readonly EncodedDocument[] | undefined;
  readonly report: CorpusReport;
}

interface CorpusReport extends ReadReport {
  readonly characters: number;
  readonly trainCharacters: number;
  readonly validationCharacters: number;
  /** Numbers of tokens; for a model of characters, the same. */
  readonly trainTokens: number;
  readonly validationTokens: number;
  /** Number of tokens in each part that are not in the vocabulary. */
  readonly unknownInTraining: number;
  readonly unknownInValidation: number;
}

export interface CorpusOptions extends LoadOptions {
  /** Limits of a vocabulary of words; omitted: characters, all that occur in the training part. */
  readonly words?: WordLimits | undefined;
  /** The vocabulary of a model of subwords, which is not learned from the text. */
  readonly subwords?: TokenizerVocabulary | undefined;
  /**
   * Fraction held out for validation, between 0 and 1 (exclusive): of the tokens, at the end of a text, or of the
   * characters of several documents.
   */
  readonly validationShare: number;
  /** Seed of the split by documents. */
  readonly seed?: number | undefined;
  /** Time steps of one training window. */
  readonly sequenceLength: number;
  /** Vocabulary of a model that is trained further: extended by the tokens of the text, or kept as it is. */
  readonly known?: { readonly tokens: readonly string[]; readonly extend: boolean } | undefined;
}

/**
 * Loads a text, or the documents of a folder, in one pass. Several documents are split by whole documents, a single one
 * by position. The end of the training part, and therefore its set of tokens, is only known after reading,
 * so ids are assigned by first appearance and replaced afterwards, in place, by those of the sorted
 * vocabulary. Two passes over the file could read different contents.
 *
 * @throws InputError for a text that cannot be read, is empty or too short; RangeError for a fraction out of bounds;
 *   the signal's reason if it is aborted
 */
export async function loadCorpus(source: TextSource, options: CorpusOptions): Promise<Corpus> {
  const { validationShare, words, subwords, known, signal } = options;
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new RangeError(`data.validationShare must be between 0 and 1 (exclusive), but is ${validationShare}.`);
  }
  const seen = subwords ? new SeenSubwords(subwords) : words ? new SeenWords(words) : new SeenCharacters();
  const { store, report, documents } = await readIds(source, options, seen);
  const name = sourceName(source);
  const { train, validation } =
    documents && documents.length > 1 ? partsOf(name, documents, options) : partsByPosition(name, store, options);
  const charactersIn = (part: readonly TokenSequence[]) => part.reduce((sum, ids) => sum + seen.charactersIn(ids), 0);
  const characters = charactersIn(documents?.map(({ ids }) => ids) ?? [store.sequence(0, store.length)]);
  const trainCharacters = charactersIn(train);
  const counts = await countIds(train, seen.idLimit, signal);
  const vocabulary = seen.vocabulary(counts, known);
  const newIds = seen.newIds(vocabulary);
  await store.remap(newIds, vocabulary.size, signal);
  return {
    vocabulary,
    train,
    validation,
    documents,
    report: {
      ...report,
      characters,
      trainCharacters,
      validationCharacters: characters - trainCharacters,
      trainTokens: tokensIn(train),
      validationTokens: tokensIn(validation),
      unknownInTraining: counts.reduce((sum, count, id) => (newIds[id] === 0 ? sum + count : sum), 0),
      unknownInValidation: validation.reduce((sum, ids) => sum + countUnknown(ids), 0),
    },
  };
}

/** Tables that count in turns: a processor waits before it adds to a number that it has just changed. */
const TURNS = 4;
/** Number of ids up to which there are several tables. */
const FEW_IDS = 2 ** 12;

/** Number of occurrences of each id. @param limit upper bound (exclusive) of the ids */
async function countIds(
  documents: readonly TokenSequence[],
  limit: number,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const distance = limit <= FEW_IDS ? limit : 0;
  const counts = new Float64Array(distance === 0 ? limit : TURNS * limit);
  for (const ids of documents)
    for (const block of ids.blocks()) {
      const whole = block.length - (block.length % TURNS);
      for (let at = 0; at < whole; at += TURNS) {
        counts[block[at]!]!++;
        counts[distance + block[at + 1]!]!++;
        counts[2 * distance + block[at + 2]!]!++;
        counts[3 * distance + block[at + 3]!]!++;
      }
      for (let at = whole; at < block.length; at++) counts[block[at]!]!++;
      await yieldToEventLoop(signal);
    }
  for (let id = limit; id < counts.length; id++) counts[id % limit]! += counts[id]!;
  return counts.slice(0, limit);
}

/** Number of tokens of all documents. */
export function tokensIn(documents: readonly TokenSequence[]): number {
  return documents.reduce((sum, { length }) => sum + length, 0);
}

/** The two parts of a text. */
type Parts = Pick<Corpus, 'train' | 'validation'>;

function partsByPosition(name: string, store: IdStore, options: CorpusOptions): Parts {
  assertLongEnough(name, store.length, options);
  const border = trainingTokens(store.length, options);
  return { train: [store.sequence(0, border)], validation: [store.sequence(border, store.length)] };
}

/** @throws InputError if a part has no document in which a token can be predicted */
function partsOf(
  name: string,
  documents: readonly EncodedDocument[],
  { validationShare, seed = 0 }: CorpusOptions,
): Parts {
  const { train, validation } = splitDocuments(documents, validationShare, seed);
  const parts = {
    train: train.map((index) => documents[index]!.ids),
    validation: validation.map((index) => documents[index]!.ids),
  };
  if (validation.length === 0)
    throw new InputError(
      'too-short',
      phrase(
        '"{0}": all {1} documents are copies of one. Add another document for validation.',
        name,
        documents.length,
      ),
    );
  if ([parts.train, parts.validation].some((part) => part.every(({ length }) => length < 2)))
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" is too short: it has {1} documents, and no document of a part has two tokens, which a prediction needs. Add longer documents.',
        name,
        documents.length,
      ),
    );
  return parts;
}

function assertLongEnough(name: string, tokens: number, options: CorpusOptions): void {
  const { sequenceLength, validationShare, words, subwords } = options;
  if (isLongEnough(tokens, options)) return;
  const needed = tokensNeeded(tokens, options);
  const train = trainingTokens(tokens, options);
  const fields = train > sequenceLength ? [] : ['data.sequenceLength'];
  const longer =
    fields.length > 0
      ? phrase('Choose a longer text or a smaller {0}.', fields.join(', '))
      : phrase('Choose a longer text.');
  const size = subwords
    ? phrase('{0} tokens, {1} for training and {2} for validation', tokens, train, tokens - train)
    : words
      ? phrase('{0} words, {1} for training and {2} for validation', tokens, train, tokens - train)
      : phrase('{0} characters, {1} for training and {2} for validation', tokens, train, tokens - train);
  throw new InputError(
    'too-short',
    phrase(
      '"{0}" is too short: it has {1}; {2} are needed for data.sequenceLength {3} and data.validationShare {4}. {5}',
      name,
      size,
      needed,
      sequenceLength,
      validationShare,
      longer,
    ),
    { fields },
  );
}
