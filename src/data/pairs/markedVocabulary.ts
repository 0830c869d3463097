import * as z from 'zod';
import { countWords, type VocabularyLimits, vocabularyOf } from '../words/frequentWords.ts';
import type { Granularity } from '../words/segments.ts';
import { WordVocabulary } from '../words/vocabulary.ts';
import { piecesOf } from './pieces.ts';

const [START, END] = ['<start>', '<end>'];
const REPLACEMENT = '\uFFFD';

const jsonSchema = z.object({
  version: z.literal(1),
  kind: z.literal('marked'),
  granularity: z.enum(['character', 'word']),
  words: z.array(z.string()),
});

/**
 * The words or characters of texts that are written from a start mark to an end mark. Ids: `<unk>` 0, `<start>` 1,
 * `<end>` 2, then the tokens, sorted, and `<pad>` last.
 */
export class MarkedVocabulary {
  static readonly startId = 1;
  static readonly endId = 2;
  readonly granularity: Granularity;
  readonly #words: WordVocabulary;

  private constructor(granularity: Granularity, words: WordVocabulary) {
    this.granularity = granularity;
    this.#words = words;
  }

  /** The vocabulary of texts. */
  static fit(texts: Iterable<string>, granularity: Granularity, limits: VocabularyLimits = {}): MarkedVocabulary {
    const pieces = Array.from(texts, (text) => piecesOf(text.trim(), granularity));
    const known = vocabularyOf(countWords(pieces), limits).words.slice(1, -1);
    return new MarkedVocabulary(granularity, WordVocabulary.of([START, END, ...known]));
  }

  /** Reads what `toJSON` wrote. @throws Error that names what is wrong in it. */
  static fromJSON(json: unknown): MarkedVocabulary {
    const result = jsonSchema.safeParse(json);
    if (!result.success)
      throw new Error(`This is not a vocabulary with marks of Sequence Lab:\n${z.prettifyError(result.error)}`);
    const { granularity, words } = result.data;
    const vocabulary = WordVocabulary.fromJSON({ version: 1, kind: 'word', words });
    if (words[MarkedVocabulary.startId] !== START || words[MarkedVocabulary.endId] !== END) {
      throw new Error(
        `This is not a vocabulary with marks of Sequence Lab: "${START}" and "${END}" must follow "${WordVocabulary.UNKNOWN}".`,
      );
    }
    return new MarkedVocabulary(granularity, vocabulary);
  }

  /** Number of tokens with `<unk>`, both marks and `<pad>`. */
  get size(): number {
    return this.#words.size;
  }

  get paddingId(): number {
    return this.#words.paddingId;
  }

  /** The ids that no text is written with. */
  get unwritten(): readonly number[] {
    return [0, MarkedVocabulary.startId, this.paddingId];
  }

  /** The ids of a text without space around it, without marks. */
  encode(text: string): Int32Array {
    return Int32Array.from(piecesOf(text.trim(), this.granularity), (piece) => this.#words.idOf(piece));
  }

  /**
   * The text of ids up to an end mark, with `<unk>` shown as U+FFFD. @throws RangeError for an id outside of the
   * vocabulary.
   */
  decode(ids: ArrayLike<number>): string {
    const end = Array.from(ids).indexOf(MarkedVocabulary.endId);
    const shown = end < 0 ? Array.from(ids) : Array.from(ids).slice(0, end);
    return this.tokensOf(shown)
      .map((token, at) => (shown[at] === 0 ? REPLACEMENT : token))
      .join('')
      .trim();
  }

  /** The token of each id. @throws RangeError for an id outside of the vocabulary. */
  tokensOf(ids: ArrayLike<number>): string[] {
    return this.#words.decode(ids);
  }

  toJSON(): z.output<typeof jsonSchema> {
    return { version: 1, kind: 'marked', granularity: this.granularity, words: [...this.#words.words] };
  }
}
