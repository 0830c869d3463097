import { CodePointIndex } from './codePointIndex.ts';
import { type CharacterEncoder, type LoadOptions, readIds } from './encodedText.ts';
import { InputError } from './inputError.ts';
import type { TextSource } from '../config/textSource.ts';
import { type ReadReport, sourceName } from './textReader.ts';
import type { TokenSequence } from './tokenSequence.ts';
import { Vocabulary } from './vocabulary.ts';

/** Encoded text for training. */
export interface Corpus {
  /** Characters of the training part, and `<unk>`. */
  readonly vocabulary: Vocabulary;
  readonly train: TokenSequence;
  /** Tail of the text. */
  readonly validation: TokenSequence;
  readonly report: CorpusReport;
}

interface CorpusReport extends ReadReport {
  readonly characters: number;
  readonly trainCharacters: number;
  readonly validationCharacters: number;
  /** Number of characters in the validation part that do not occur in the training part. */
  readonly unknownInValidation: number;
}

export interface CorpusOptions extends LoadOptions {
  /** Fraction of the characters held out for validation at the end of the text, between 0 and 1 (exclusive). */
  readonly validationShare: number;
  /** Time steps of one training window. */
  readonly sequenceLength: number;
}

/** Scoring a character needs the character before it. */
const MIN_VALIDATION_CHARACTERS = 2;

/**
 * Loads a text in one pass. The end of the training part, and therefore its set of characters, is only known after
 * reading, so ids are assigned by first appearance and replaced afterwards, in place, by those of the sorted
 * vocabulary. Two passes over the file could read different contents.
 *
 * @throws InputError for a text that cannot be read, is empty or too short; RangeError for a fraction out of bounds;
 *   the signal's reason if it is aborted
 */
export async function loadCorpus(source: TextSource, options: CorpusOptions): Promise<Corpus> {
  const { validationShare, signal } = options;
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new RangeError(`data.validationShare must be between 0 and 1 (exclusive), but is ${validationShare}.`);
  }
  const seen = new FirstAppearances();
  const { store, report } = await readIds(source, options, seen);
  const characters = store.length;
  const border = trainingCharacters(characters, validationShare);
  assertLongEnough(sourceName(source), characters, options);

  const known = seen.before(border);
  const vocabulary = Vocabulary.of(known);
  await store.remap(seen.newIds(vocabulary), vocabulary.size, signal);

  const validation = store.sequence(border, characters);
  return {
    vocabulary,
    train: store.sequence(0, border),
    validation,
    report: {
      ...report,
      characters,
      trainCharacters: border,
      validationCharacters: characters - border,
      unknownInValidation: known.length < seen.count ? countUnknown(validation) : 0,
    },
  };
}

/** Assigns ids from 1 in the order in which code points first appear. */
class FirstAppearances implements CharacterEncoder {
  readonly #index = new CodePointIndex();
  readonly #codePoints: number[] = [];
  /** Index in the text of each code point's first appearance, in ascending order. */
  readonly #places: number[] = [];
  #charactersBefore = 0;

  get count(): number {
    return this.#codePoints.length;
  }

  get idLimit(): number {
    return this.count + 1;
  }

  encodeInto(piece: string, target: Int32Array): number {
    const count = this.#index.encode(piece, target, (codePoint, place) => {
      this.#codePoints.push(codePoint);
      this.#places.push(this.#charactersBefore + place);
      this.#index.set(codePoint, this.count);
      return this.count;
    });
    this.#charactersBefore += count;
    return count;
  }

  /** Returns the code points that appear before a place in the text. */
  before(place: number): number[] {
    const first = this.#places.findIndex((appeared) => appeared >= place);
    return first < 0 ? this.#codePoints : this.#codePoints.slice(0, first);
  }

  /** Returns the id in the vocabulary for each id assigned here. */
  newIds(vocabulary: Vocabulary): Uint32Array {
    return Uint32Array.from([0, ...this.#codePoints.map((codePoint) => vocabulary.idOf(codePoint))]);
  }
}

function trainingCharacters(characters: number, validationShare: number): number {
  return characters - Math.floor(characters * validationShare);
}

function assertLongEnough(name: string, characters: number, options: CorpusOptions): void {
  const { sequenceLength, validationShare } = options;
  const isEnough = (count: number): boolean => {
    const train = trainingCharacters(count, validationShare);
    return train >= sequenceLength + 1 && count - train >= MIN_VALIDATION_CHARACTERS;
  };
  if (isEnough(characters)) return;
  let needed = characters;
  while (!isEnough(needed)) needed++;
  const train = trainingCharacters(characters, validationShare);
  const fields = train > sequenceLength ? [] : ['data.sequenceLength'];
  const orSmaller = fields.map((field) => ` or a smaller ${field}`).join('');
  throw new InputError(
    'too-short',
    `"${name}" is too short: it has ${characters} characters, ${train} for training and ${characters - train} for ` +
      `validation; ${needed} are needed for data.sequenceLength ${sequenceLength} and data.validationShare ` +
      `${validationShare}. Choose a longer text${orSmaller}.`,
    { fields },
  );
}

function countUnknown(sequence: TokenSequence): number {
  let unknown = 0;
  for (const block of sequence.blocks()) for (const id of block) if (id === 0) unknown++;
  return unknown;
}
