import type { TokenKind } from '../config/tasks.ts';
import type { EncodedTokens } from './encodedTokens.ts';

/** Vocabulary of a language model: the tokens into which it splits a text. Id 0 represents all unknown tokens. */
export interface TextVocabulary {
  readonly granularity: TokenKind;
  /** Tokens by id. */
  readonly tokens: readonly string[];
  /** Number of tokens including `<unk>`: the width of a one-hot vector and of the model's output. */
  readonly size: number;
  /** Returns the id of each token of a text, 0 for unknown ones. */
  encode(text: string): Int32Array;
  /** Converts ids to text, with `<unk>` as U+FFFD. */
  decode(ids: ArrayLike<number>): string;
  /** Splits a text into tokens. @throws Error if the text is empty */
  tokenize(text: string): EncodedTokens;
  /** Creates an encoder for one text that arrives in chunks. */
  encoder(): TokenEncoder;
  /** Begins a text that a model continues. An empty prompt begins after a line break. */
  begin(prompt: string): Beginning;
  /** Content of `vocabulary.json`. */
  toJSON(): unknown;
}

/** Converts the tokens of a text that arrives in chunks to ids. */
export interface TokenEncoder {
  /** Upper bound (exclusive) of all ids so far. */
  readonly idLimit: number;
  /** Returns the ids of the tokens that are complete after this chunk; valid until the next call. */
  encode(chunk: string): Int32Array;
  /** Returns the ids of the tokens at the end of the text. */
  end(): Int32Array;
}

/** The beginning of a generated text. */
export interface Beginning {
  /** Ids of the prompt, at least one. */
  readonly ids: Int32Array;
  /** Returns the text of the next token. */
  textOf(id: number): string;
}
