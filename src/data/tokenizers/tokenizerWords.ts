import type { Word } from '../words/tokenizer.ts';
import { shownTokens } from './shownTokens.ts';
import type { Tokenizer } from './tokenizer.ts';

/** The tokens of a tokenizer in the form of a vocabulary of words. */
export class TokenizerWords {
  /** Form of a token that the tokenizer does not know. */
  static readonly UNKNOWN = '<unk>';
  readonly tokenizer: Tokenizer;
  /** Forms by id of the tokenizer. */
  readonly forms: readonly string[];

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer;
    const { unknownId } = tokenizer;
    this.forms = shownTokens(tokenizer).map((form, id) => (id === unknownId ? TokenizerWords.UNKNOWN : form));
  }

  /** The tokens of a text with their places. */
  words(text: string): Word[] {
    return this.tokenizer
      .encode(text)
      .map(({ id, start, end }) => ({ form: this.forms[id] ?? TokenizerWords.UNKNOWN, start, end }));
  }
}
