import { CodePointIndex } from './codePointIndex.ts';
import { type CharacterEncoder, type LoadOptions, readIds } from './encodedText.ts';
import { InputError } from './inputError.ts';
import type { TextSource } from '../config/textSource.ts';
import { type ReadReport, sourceName } from './textReader.ts';
import type { TokenSequence } from './tokenSequence.ts';
import { Vocabulary } from './vocabulary.ts';

/** A text, ready to train on. */
export interface Corpus {
  /** The characters of the training part, and `<unk>`. */
  readonly vocabulary: Vocabulary;
  readonly train: TokenSequence;
  /** The tail of the text. */
  readonly validation: TokenSequence;
  readonly report: CorpusReport;
}

interface CorpusReport extends ReadReport {
  readonly characters: number;
  readonly trainCharacters: number;
  readonly validationCharacters: number;
  /** Characters of the validation part that the training part does not have. */
  readonly unknownInValidation: number;
}

export interface CorpusOptions extends LoadOptions {
  /** Share of the characters, from the end, that is kept for validation: above 0 and below 1. */
  readonly validationShare: number;
  /** Time steps of one training window. */
  readonly sequenceLength: number;
}

/** A target to score needs a character before it. */
const MIN_VALIDATION_CHARACTERS = 2;

/**
 * Loads a text in one pass. Where the training part ends, and so which characters it has, is known only
 * at the end; so ids are given by first appearance while the text streams by, and replaced afterwards,
 * in place, by those of the sorted vocabulary. The alternative, two passes over the file, could see two
 * different files.
 *
 * @throws InputError for a text that cannot be read, is empty or too short; RangeError for a share out
 * of bounds; the reason of the signal once it is aborted.
 */
export async function loadCorpus(source: TextSource, options: CorpusOptions): Promise<Corpus> {
  const { validationShare, signal } = options;
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new RangeError(`data.validationShare must be above 0 and below 1; it is ${validationShare}.`);
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

/** Ids from 1 on in the order in which code points first appear. */
class FirstAppearances implements CharacterEncoder {
  readonly #index = new CodePointIndex();
  readonly #codePoints: number[] = [];
  /** Where in the text each of them appeared first; ascending. */
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

  /** The code points that appear before a place. */
  before(place: number): number[] {
    const first = this.#places.findIndex((appeared) => appeared >= place);
    return first < 0 ? this.#codePoints : this.#codePoints.slice(0, first);
  }

  /** For each id given here, the one of the vocabulary. */
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
    `"${name}" is too short: it has ${characters} characters, ${train} to train on and ${characters - train} to ` +
      `validate on; ${needed} are needed for data.sequenceLength ${sequenceLength} and data.validationShare ` +
      `${validationShare}. Choose a longer text${orSmaller}.`,
    { fields },
  );
}

function countUnknown(sequence: TokenSequence): number {
  let unknown = 0;
  for (const block of sequence.blocks()) for (const id of block) if (id === 0) unknown++;
  return unknown;
}
