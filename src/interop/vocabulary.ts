import * as z from 'zod';
import { UnusableError } from '../phrases/causes.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

/**
 * Vocabularies of other programs: the tokens by id. A JSON list, a JSON object of ids by token or of tokens by id (also
 * inside of another object, as `{ "stoi": {...} }`), the word-level `tokenizer.json` of Hugging Face, `Tokenizer.to_json()`
 * of Keras, our own `vocabulary.json`, or a text with a token in each line.
 */

const list = z.array(z.string()).min(1);
const ids = z.record(z.string(), z.int().nonnegative());
const tokensById = z.record(z.string().regex(/^\d{1,9}$/), z.string());
const kerasTokenizer = z.object({ config: z.looseObject({ word_index: z.string() }) });
const own = z.object({ version: z.literal(1), tokens: list, marks: z.array(z.string()).default([]) });
const ownWords = z.object({ version: z.literal(1), words: list });
const tokenizer = z.object({
  model: z.looseObject({ type: z.string().optional(), vocab: z.unknown() }),
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })).default([]),
});

/** Escapes of a text with a token in each line. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\n', '\n'],
  ['\\t', '\t'],
  ['\\r', '\r'],
]);

/**
 * The tokens by id.
 * @param text content of the file
 * @param name name of the file, for errors
 * @throws UnusableError for other content, ids that occur twice or are missing, and kinds of tokens that are not known
 */
export function readVocabulary(text: string, name: string): string[] {
  const refuse = (reason: Text): UnusableError =>
    new UnusableError(phrase('The vocabulary "{0}" cannot be used: {1}.', name, reason));
  const json = parsed(text);
  if (json === undefined) {
    const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
    return unique(
      lines.map((line) => ESCAPES.get(line) ?? line),
      refuse,
    );
  }
  const tokens = list.safeParse(json).data ?? ownTokens(json);
  if (tokens) return unique(tokens, refuse);
  const hugging = tokenizer.safeParse(json).data;
  if (hugging) {
    const { type = 'WordLevel' } = hugging.model;
    const vocab = ids.safeParse(hugging.model.vocab).data;
    if (type !== 'WordLevel' || !vocab)
      throw refuse(phrase('its tokenizer is of the kind {0}; word level is known', type));
    const added = Object.fromEntries(hugging.added_tokens.map(({ id, content }) => [content, id]));
    return byId(Object.entries({ ...vocab, ...added }), refuse);
  }
  const keras = kerasTokenizer.safeParse(json).data;
  const found = keras ? numbered(parsed(keras.config.word_index)) : (numbered(json) ?? largestIn(json));
  if (!found)
    throw refuse(
      phrase(
        'it is no JSON list of tokens, no object of ids by token or of tokens by id (also as stoi, itos or word_index in another object), no tokenizer.json, no Tokenizer.to_json() of Keras and no text with a token in each line',
      ),
    );
  return unique(byId(found, refuse), refuse);
}

function parsed(text: string): unknown {
  try {
    let json: unknown = JSON.parse(text);
    // A text of JSON that was written as JSON once more.
    if (typeof json === 'string') json = JSON.parse(json);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

function ownTokens(json: unknown): string[] | undefined {
  const characters = own.safeParse(json).data;
  if (characters) return [...characters.tokens, ...characters.marks];
  return ownWords.safeParse(json).data?.words;
}

type Numbered = readonly (readonly [token: string, id: number])[];

/** Tokens with their ids, of an object of ids by token or of tokens by id. */
function numbered(json: unknown): Numbered | undefined {
  const byToken = ids.safeParse(json).data;
  if (byToken && Object.keys(byToken).length > 0) return Object.entries(byToken);
  const byNumber = tokensById.safeParse(json).data;
  if (!byNumber || Object.keys(byNumber).length === 0) return undefined;
  return Object.entries(byNumber).map(([id, token]) => [token, Number(id)]);
}

/** The largest list or object of tokens in an object. */
function largestIn(json: unknown): Numbered | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const inner = Object.values(json).flatMap((value: unknown): Numbered[] => {
    const tokens = list.safeParse(value).data?.map((token, id) => [token, id] as const);
    const found = tokens ?? numbered(value);
    return found ? [found] : [];
  });
  return inner.sort((a, b) => b.length - a.length)[0];
}

function byId(numbered: Numbered, refuse: (reason: Text) => UnusableError): string[] {
  const entries = [...numbered].sort(([, a], [, b]) => a - b);
  // Some programs count from 1 and keep 0 for padding.
  const first = entries[0]?.[1] ?? 0;
  const tokens = first === 1 ? ['<pad>'] : [];
  for (const [token, id] of entries) {
    if (id !== tokens.length) throw refuse(phrase('the id {0} is missing or occurs twice', tokens.length));
    tokens.push(token);
  }
  return tokens;
}

function unique(tokens: readonly string[], refuse: (reason: Text) => UnusableError): string[] {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (seen.has(token)) throw refuse(phrase('the token {0} occurs twice', JSON.stringify(token)));
    seen.add(token);
  }
  return [...tokens];
}
