import { yieldToEventLoop } from '../platform/system.ts';
import type { Documented } from './dataFormat.ts';
import { countUnknown, type LoadOptions, readIds } from './encodedText.ts';
import { InputError } from './inputError.ts';
import { isLongEnough, tokensNeeded, trainingTokens } from '../config/textLength.ts';
import type { TextSource } from '../config/textSource.ts';
import { SeenCharacters, SeenWords, type WordLimits } from './seenTokens.ts';
import { type ReadReport, sourceName } from './textReader.ts';
import type { TextVocabulary } from './textVocabulary.ts';
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

/** Encoded text for training. */
export interface Corpus {
  /** Characters or frequent words of the training part, and `<unk>`. */
  readonly vocabulary: TextVocabulary;
  readonly train: TokenSequence;
  /** Tail of the text. */
  readonly validation: TokenSequence;
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
  /** Fraction of the tokens held out for validation at the end of the text, between 0 and 1 (exclusive). */
  readonly validationShare: number;
  /** Time steps of one training window. */
  readonly sequenceLength: number;
  /** Vocabulary of a model that is trained further: extended by the tokens of the text, or kept as it is. */
  readonly known?: { readonly tokens: readonly string[]; readonly extend: boolean } | undefined;
}

/**
 * Loads a text in one pass. The end of the training part, and therefore its set of tokens, is only known after reading,
 * so ids are assigned by first appearance and replaced afterwards, in place, by those of the sorted
 * vocabulary. Two passes over the file could read different contents.
 *
 * @throws InputError for a text that cannot be read, is empty or too short; RangeError for a fraction out of bounds;
 *   the signal's reason if it is aborted
 */
export async function loadCorpus(source: TextSource, options: CorpusOptions): Promise<Corpus> {
  const { validationShare, words, known, signal } = options;
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new RangeError(`data.validationShare must be between 0 and 1 (exclusive), but is ${validationShare}.`);
  }
  const seen = words ? new SeenWords(words) : new SeenCharacters();
  const { store, report } = await readIds(source, options, seen);
  const tokens = store.length;
  const border = trainingTokens(tokens, options);
  assertLongEnough(sourceName(source), tokens, options);

  const [train, validation] = [store.sequence(0, border), store.sequence(border, tokens)];
  const characters = seen.charactersIn(store.sequence(0, tokens));
  const trainCharacters = seen.charactersIn(train);
  const counts = await countIds(train, seen.idLimit, signal);
  const vocabulary = seen.vocabulary(counts, known);
  const newIds = seen.newIds(vocabulary);
  await store.remap(newIds, vocabulary.size, signal);
  return {
    vocabulary,
    train,
    validation,
    report: {
      ...report,
      characters,
      trainCharacters,
      validationCharacters: characters - trainCharacters,
      trainTokens: border,
      validationTokens: tokens - border,
      unknownInTraining: counts.reduce((sum, count, id) => (newIds[id] === 0 ? sum + count : sum), 0),
      unknownInValidation: countUnknown(validation),
    },
  };
}

/** Number of occurrences of each id. @param limit upper bound (exclusive) of the ids */
async function countIds(ids: TokenSequence, limit: number, signal?: AbortSignal): Promise<Float64Array> {
  const counts = new Float64Array(limit);
  for (const block of ids.blocks()) {
    for (const id of block) counts[id] = counts[id]! + 1;
    await yieldToEventLoop(signal);
  }
  return counts;
}

function assertLongEnough(name: string, tokens: number, options: CorpusOptions): void {
  const { sequenceLength, validationShare, words } = options;
  if (isLongEnough(tokens, options)) return;
  const needed = tokensNeeded(tokens, options);
  const train = trainingTokens(tokens, options);
  const fields = train > sequenceLength ? [] : ['data.sequenceLength'];
  const longer =
    fields.length > 0
      ? phrase('Choose a longer text or a smaller {0}.', fields.join(', '))
      : phrase('Choose a longer text.');
  const size = words
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
