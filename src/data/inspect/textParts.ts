import { trainingTokens } from '../../config/textLength.ts';
import { CharacterSet, countCharacters } from '../codePoints.ts';
import type { TextDocument } from '../documents/readDocuments.ts';
import { splitDocuments } from '../documents/splitDocuments.ts';
import type { UnknownTokens } from './inspection.ts';
import type { DataItem } from './readItems.ts';

const MAX_EXAMPLES = 12;

/** Characters of the parts of a text, as a language model of characters is trained on it. */
export interface TextParts {
  readonly train: number;
  readonly validation: number;
  readonly unknown: UnknownTokens | null;
}

/** Divides a text like training: its last characters are for validation. */
export function textParts(pieces: readonly string[], validationShare: number): TextParts {
  const characters = pieces.reduce((sum, piece) => sum + countCharacters(piece), 0);
  const train = trainingTokens(characters, { validationShare });
  const unknown = new UnknownCharacters();
  let left = train;
  for (const piece of pieces) {
    const place = unknown.train(piece, left);
    left = Math.max(0, left - countCharacters(piece));
    unknown.validate(piece, place);
  }
  return { train, validation: characters - train, unknown: unknown.found(characters - train) };
}

/** The parts of a corpus of several documents. */
export interface CorpusParts extends TextParts {
  readonly items: readonly [train: readonly DataItem[], validation: readonly DataItem[]];
  /** Number of characters of each document. */
  readonly lengths: readonly number[];
}

/** Divides the documents of a corpus like training: by whole documents. @param items the documents as items */
export function corpusParts(
  documents: readonly TextDocument[],
  items: readonly DataItem[],
  validationShare: number,
  seed: number,
): CorpusParts {
  const split = splitDocuments(documents, validationShare, seed);
  const partOf = (indices: readonly number[]) => indices.map((index) => documents[index]!);
  const [train, validation] = [partOf(split.train), partOf(split.validation)];
  const unknown = new UnknownCharacters();
  for (const { pieces } of train) for (const piece of pieces) unknown.train(piece);
  for (const { pieces } of validation) for (const piece of pieces) unknown.validate(piece);
  const charactersIn = (part: readonly TextDocument[]) => part.reduce((sum, { characters }) => sum + characters, 0);
  return {
    items: [split.train.map((index) => items[index]!), split.validation.map((index) => items[index]!)],
    train: charactersIn(train),
    validation: charactersIn(validation),
    unknown: unknown.found(charactersIn(validation)),
    lengths: documents.map(({ characters }) => characters),
  };
}

/** Counts the characters of the validation part that the training part does not have. */
class UnknownCharacters {
  readonly #known = new CharacterSet();
  readonly #counts = new Map<string, number>();

  /** Adds the characters of a text, at most a number of them. @returns place of the first that was not added */
  train(text: string, most = Infinity): number {
    return this.#known.add(text, most);
  }

  /** Counts the unknown characters of a text from a place on. */
  validate(text: string, from = 0): void {
    this.#known.others(text, from, (character) => this.#counts.set(character, (this.#counts.get(character) ?? 0) + 1));
  }

  /** @param validation number of characters of the validation part */
  found(validation: number): UnknownTokens | null {
    const examples = [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_EXAMPLES);
    return validation === 0
      ? null
      : {
          unit: 'character',
          tokens: validation,
          unknown: [...this.#counts.values()].reduce((sum, count) => sum + count, 0),
          examples: examples.map(([character]) => character),
        };
  }
}
