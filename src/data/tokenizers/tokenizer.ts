import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { AlignedText } from './alignedText.ts';
import { bytePairModel } from './bytePairs.ts';
import { decoded } from './decoders.ts';
import { literal, normalized } from './normalizers.ts';
import { preTokenized } from './preTokenizers.ts';
import type { AddedToken, ModelSpec, TokenizerSpec } from './tokenizerJson.ts';
import type { Split, TokenModel } from './tokenModel.ts';
import { unigramModel } from './unigram.ts';
import { wordLevelModel, wordPieceModel } from './wholeWords.ts';

/** A token of a text. */
export interface PlacedToken {
  /** Id of the tokenizer. */
  readonly id: number;
  /** Where it begins and ends in the text, in UTF-16 code units. Tokens of one character may be at the same place. */
  readonly start: number;
  readonly end: number;
}

/** Parts of a text whose tokens are remembered. */
const MOST_REMEMBERED = 50_000;
/** Length of a part that is remembered. */
const LONGEST_REMEMBERED = 64;

const MODELS: {
  readonly [Type in ModelSpec['type']]: (spec: Extract<ModelSpec, { type: Type }>, name: string) => TokenModel;
} = {
  BPE: bytePairModel,
  Unigram: unigramModel,
  WordLevel: wordLevelModel,
  WordPiece: wordPieceModel,
};

/** Splits texts into tokens as a `tokenizer.json` of Hugging Face says, without special tokens around them. */
export class Tokenizer {
  readonly spec: TokenizerSpec;
  /** Contents of the tokens by id. */
  readonly contents: readonly string[];
  /** Id of the token for what is not in the vocabulary; undefined without one. */
  readonly unknownId: number | undefined;
  readonly #model: TokenModel;
  /** Tokens that are found before a text is normalized, and after it. */
  readonly #added: readonly [before: AddedTokens | undefined, after: AddedTokens | undefined];
  readonly #remembered = new Map<string, Split>();

  /**
   * @param name name of the file, for errors
   * @throws UnusableError for a vocabulary that is not complete
   */
  constructor(spec: TokenizerSpec, name = 'tokenizer.json') {
    this.spec = spec;
    this.contents = contentsOf(spec, name);
    this.unknownId = unknownOf(spec);
    this.#model = modelOf(spec.model, name);
    const inForm = (text: string) => this.#normalized(new AlignedText(text, 0)).text;
    const after = spec.added_tokens.filter(({ normalized: isAfter }) => isAfter);
    this.#added = [
      AddedTokens.of(
        spec.added_tokens.filter(({ normalized: isAfter }) => !isAfter).map((token) => [token.content, token]),
      ),
      AddedTokens.of(after.map((token) => [inForm(token.content), token])),
    ];
  }

  get size(): number {
    return this.contents.length;
  }

  /**
   * Whether a text can be split at any space between two other characters, so that its tokens are those of both parts: it is
   * not normalized, and GPT-2's pattern splits it there.
   */
  get isDivisible(): boolean {
    const { normalizers, preTokenizers, added_tokens: added } = this.spec;
    const [first, ...others] = preTokenizers;
    return (
      normalizers.length === 0 &&
      others.length === 0 &&
      first?.type === 'ByteLevel' &&
      first.use_regex &&
      !added.some(({ content, lstrip, rstrip }) => lstrip || rstrip || content.includes(' '))
    );
  }

  /** The tokens of a text. */
  encode(text: string): PlacedToken[] {
    const tokens: PlacedToken[] = [];
    const whole = text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
    const [before, after] = this.#added;
    const visit = (part: AlignedText | AddedToken, place: AlignedText, next: (own: AlignedText) => void) => {
      if (part instanceof AlignedText) return next(part);
      tokens.push({ id: part.id, start: place.placeOf(0), end: place.placeOf(place.text.length) });
    };
    for (const [part, place] of partsOf(new AlignedText(whole, 0), before))
      visit(part, place, (own) => {
        for (const [piece, at] of partsOf(this.#normalized(own), after))
          visit(piece, at, (unsplit) => {
            for (const word of this.#words(unsplit)) this.#place(word, tokens);
          });
      });
    return tokens;
  }

  /** The text of tokens. @throws RangeError for an id outside of the vocabulary */
  decode(ids: Iterable<number>): string {
    const tokens = Array.from(ids, (id) => {
      const content = this.contents[id];
      if (content === undefined) throw new RangeError(`Id ${id} is outside of the vocabulary of ${this.size} tokens.`);
      return content;
    });
    const { decoders } = this.spec;
    // Without a decoder, tokens are words.
    if (decoders.length === 0) return tokens.join(' ');
    if (tokens.length === 0) return '';
    return decoders.reduce<readonly string[]>(decoded, tokens).join('');
  }

  #normalized(text: AlignedText): AlignedText {
    return this.spec.normalizers.reduce(normalized, text);
  }

  #words(text: AlignedText): readonly AlignedText[] {
    return this.spec.preTokenizers.reduce<readonly AlignedText[]>(
      (words, spec) => words.flatMap((word) => (word.text === '' ? [] : preTokenized(word, spec))),
      [text],
    );
  }

  #place(word: AlignedText, tokens: PlacedToken[]): void {
    if (word.text === '') return;
    const { ids, ends } = this.#split(word.text);
    let start = 0;
    ids.forEach((id, at) => {
      const end = ends[at]!;
      tokens.push({ id, start: word.placeOf(start), end: word.placeOf(end) });
      start = end;
    });
  }

  #split(word: string): Split {
    if (word.length > LONGEST_REMEMBERED) return this.#model.split(word);
    const known = this.#remembered.get(word);
    if (known) return known;
    const split = this.#model.split(word);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(word, split);
    return split;
  }
}

function modelOf<Type extends ModelSpec['type']>(spec: Extract<ModelSpec, { type: Type }>, name: string): TokenModel {
  return MODELS[spec.type as Type](spec, name);
}

function unknownOf({ model }: TokenizerSpec): number | undefined {
  if (model.type === 'Unigram') return model.unk_id ?? undefined;
  return model.unk_token == null || !Object.hasOwn(model.vocab, model.unk_token)
    ? undefined
    : model.vocab[model.unk_token];
}

/** Contents by id. @throws UnusableError for an id that is missing */
function contentsOf({ model, added_tokens: added }: TokenizerSpec, name: string): string[] {
  const contents = new Map<number, string>(
    model.type === 'Unigram'
      ? model.vocab.map(([token], id) => [id, token])
      : Object.entries(model.vocab).map(([token, id]) => [id, token]),
  );
  for (const { id, content } of added) contents.set(id, content);
  return Array.from({ length: contents.size }, (_, id) => {
    const content = contents.get(id);
    if (content !== undefined) return content;
    throw new UnusableError(
      phrase('The tokenizer "{0}" cannot be used: {1}.', name, phrase('the id {0} is missing or occurs twice', id)),
    );
  });
}

/** Tokens that are found in a text as they are, such as the mark of an end. */
class AddedTokens {
  readonly #byText: ReadonlyMap<string, AddedToken>;
  readonly #pattern: RegExp;

  static of(tokens: readonly (readonly [text: string, token: AddedToken])[]): AddedTokens | undefined {
    const found = tokens.filter(([text]) => text !== '');
    return found.length === 0 ? undefined : new AddedTokens(found);
  }

  private constructor(tokens: readonly (readonly [text: string, token: AddedToken])[]) {
    this.#byText = new Map(tokens);
    // The longest of those that begin at a place is the one that is found.
    const texts = [...this.#byText.keys()].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(texts.map((text) => literal(text).source).join('|'), 'gu');
  }

  *find(text: string): Generator<readonly [token: AddedToken, start: number, end: number]> {
    let done = 0;
    for (const match of text.matchAll(this.#pattern)) {
      const token = this.#byText.get(match[0])!;
      let [start, end] = [match.index, match.index + match[0].length];
      if (token.single_word && (isWord(text, start - 1) || isWord(text, end))) continue;
      if (token.lstrip) while (start > done && isSpace(text[start - 1]!)) start--;
      if (token.rstrip) while (end < text.length && isSpace(text[end]!)) end++;
      if (start < done) continue;
      yield [token, start, end];
      done = end;
    }
  }
}

function isSpace(character: string): boolean {
  return /^\p{White_Space}$/u.test(character);
}

function isWord(text: string, at: number): boolean {
  const first = at > 0 && /[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at;
  const codePoint = first < 0 ? undefined : text.codePointAt(first);
  return (
    codePoint !== undefined &&
    /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u.test(String.fromCodePoint(codePoint))
  );
}

/** The added tokens in a text, and the parts between them, in order. */
function* partsOf(
  text: AlignedText,
  added: AddedTokens | undefined,
): Generator<readonly [part: AlignedText | AddedToken, place: AlignedText]> {
  let end = 0;
  for (const [token, from, to] of added?.find(text.text) ?? []) {
    if (from > end) yield [text.slice(end, from), text];
    yield [token, text.slice(from, to)];
    end = to;
  }
  const rest = end === 0 ? text : text.slice(end, text.text.length);
  if (rest.text !== '') yield [rest, rest];
}
