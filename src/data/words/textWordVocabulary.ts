import * as z from 'zod';
import type { EncodedTokens } from '../encodedTokens.ts';
import type { Beginning, TextVocabulary, TokenEncoder } from '../textVocabulary.ts';
import { WordEncoder } from './wordEncoder.ts';
import { isSpaced, splitTokens } from './wordSplitter.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';

const UNKNOWN = '<unk>';
const LINE_BREAK = '\n';
const REPLACEMENT = '\uFFFD';

/** Schema of `vocabulary.json` of a word language model: the tokens by id, words and marks with the space before them. */
const kind = z.literal('spaced-word');
const schema = z
  .strictObject({ version: z.literal(1), kind, tokens: z.array(z.string()).min(2) })
  .refine(({ tokens }) => tokens[0] === UNKNOWN, { error: `the first token must be "${UNKNOWN}"` })
  .refine(({ tokens }) => new Set(tokens).size === tokens.length, { error: 'every token must occur once' });

/**
 * Vocabulary of a word language model; see `splitTokens` for its tokens. Id 0 represents all unknown words, the others
 * are sorted by code unit, so that the same text always results in the same vocabulary.
 */
export class TextWordVocabulary implements TextVocabulary {
  readonly granularity = 'word';
  readonly tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  private constructor(tokens: readonly string[]) {
    this.tokens = tokens;
    this.#ids = new Map(tokens.map((token, id) => [token, id]));
  }

  /**
   * Creates the vocabulary of the most frequent tokens. Of equally frequent ones, the first by code unit are taken. The
   * line break is always included if it occurs.
   */
  static fit(
    counts: ReadonlyMap<string, number>,
    { minCount, maxSize }: { readonly minCount: number; readonly maxSize: number },
  ): TextWordVocabulary {
    const hasLineBreak = (counts.get(LINE_BREAK) ?? 0) > 0;
    const frequent = [...counts]
      .filter(([token, count]) => count >= minCount && token !== UNKNOWN && token !== LINE_BREAK)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, hasLineBreak ? maxSize - 1 : maxSize)
      .map(([token]) => token);
    return new TextWordVocabulary([UNKNOWN, ...[...(hasLineBreak ? [LINE_BREAK] : []), ...frequent].sort()]);
  }

  /** Creates a vocabulary of tokens in any order, without `<unk>`. */
  static of(tokens: Iterable<string>): TextWordVocabulary {
    return new TextWordVocabulary([UNKNOWN, ...[...new Set(tokens)].sort()]);
  }

  /** Whether JSON says that it is such a vocabulary. */
  static isJson(json: unknown): boolean {
    return z.object({ kind }).safeParse(json).success;
  }

  /** Parses the result of `toJSON`. @throws Error that describes what is invalid */
  static fromJSON(json: unknown): TextWordVocabulary {
    const result = schema.safeParse(json);
    if (result.success) return new TextWordVocabulary(result.data.tokens);
    throw new PhrasedError(phrase('This is not a vocabulary of a word language model. {0}', textOf(result.error)));
  }

  get size(): number {
    return this.tokens.length;
  }

  /** Returns the id of a token in the form of the vocabulary; 0 for an unknown one. */
  idOf(form: string): number {
    return this.#ids.get(form) ?? 0;
  }

  encode(text: string): Int32Array {
    const ids: number[] = [];
    splitTokens(text, true, (form) => ids.push(this.idOf(form)));
    return Int32Array.from(ids);
  }

  decode(ids: ArrayLike<number>): string {
    const { textOf } = this.begin('');
    return Array.from(ids, (id) => (id === 0 ? REPLACEMENT : textOf(id))).join('');
  }

  tokenize(text: string): EncodedTokens {
    if (text === '') throw new PhrasedError(phrase('The text is empty.'));
    const [tokens, ids, offsets]: [string[], number[], number[]] = [[], [], []];
    let offset = 0;
    splitTokens(text, true, (form, length) => {
      tokens.push(text.slice(offset, offset + length));
      ids.push(this.idOf(form));
      offsets.push(offset);
      offset += length;
    });
    return { tokens, ids: Int32Array.from(ids), offsets };
  }

  encoder(): TokenEncoder {
    return new WordEncoder(
      (form) => this.idOf(form),
      () => this.size,
    );
  }

  /**
   * A space at the end of a prompt belongs to the next word. Without it, a next word begins with a space, so that a word
   * of the prompt is never continued.
   */
  begin(prompt: string): Beginning {
    let hasSpace = /\S $/u.test(prompt);
    const text = hasSpace ? prompt.slice(0, -1) : prompt;
    let startsLine = text === '' || text.endsWith(LINE_BREAK);
    return {
      ids: text === '' ? Int32Array.of(this.idOf(LINE_BREAK) || 1) : this.encode(text),
      textOf: (id) => {
        const token = this.tokens[id] ?? UNKNOWN;
        const written = isSpaced(token) && (hasSpace || startsLine) ? token.slice(1) : token;
        hasSpace = false;
        startsLine = token === LINE_BREAK;
        return written;
      },
    };
  }

  toJSON(): z.output<typeof schema> {
    return { version: 1, kind: 'spaced-word', tokens: [...this.tokens] };
  }
}
