import * as z from 'zod';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { CharacterMap } from './characterMap.ts';

/**
 * Schema of the parts of `tokenizer.json` of Hugging Face that say how a text is split, and how tokens are written:
 * https://huggingface.co/docs/tokenizers/components. What is not listed here is refused by name.
 */

const pattern = z.union([z.object({ String: z.string().min(1) }), z.object({ Regex: z.string() })]);
const behavior = z.enum(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']);
const scheme = z.enum(['always', 'first', 'never']);
/** Older files have `add_prefix_space` instead of a scheme. */
const metaspace = {
  type: z.enum(['Metaspace']),
  replacement: z.string().refine((value) => Array.from(value).length === 1),
  prepend_scheme: scheme.optional(),
  add_prefix_space: z.boolean().optional(),
  split: z.boolean().default(true),
};

/** Characters of the base64 of a map of characters; that of mT5 and XLM-R has 0.3 million. */
const LARGEST_MAP = 10_000_000;

function isCharacterMap(content: string): boolean {
  try {
    CharacterMap.fromBase64(content);
    return true;
  } catch {
    return false;
  }
}

const normalizer = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents']) }),
  z.object({ type: z.enum(['Precompiled']), precompiled_charsmap: z.base64().max(LARGEST_MAP).refine(isCharacterMap) }),
  z.object({ type: z.enum(['Strip']), strip_left: z.boolean(), strip_right: z.boolean() }),
  z.object({ type: z.enum(['Prepend']), prepend: z.string() }),
  z.object({ type: z.enum(['Replace']), pattern, content: z.string() }),
  z.object({
    type: z.enum(['BertNormalizer']),
    clean_text: z.boolean(),
    handle_chinese_chars: z.boolean(),
    strip_accents: z.boolean().nullable(),
    lowercase: z.boolean(),
  }),
]);

const preTokenizer = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['ByteLevel']),
    add_prefix_space: z.boolean(),
    use_regex: z.boolean().default(true),
  }),
  z.object(metaspace),
  z.object({ type: z.enum(['Whitespace', 'WhitespaceSplit', 'BertPreTokenizer']) }),
  z.object({ type: z.enum(['Punctuation']), behavior }),
  z.object({ type: z.enum(['Digits']), individual_digits: z.boolean() }),
  z.object({ type: z.enum(['Split']), pattern, behavior, invert: z.boolean() }),
]);

const decoder = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ByteLevel', 'ByteFallback', 'Fuse']) }),
  z.object(metaspace),
  z.object({ type: z.enum(['WordPiece']), prefix: z.string(), cleanup: z.boolean() }),
  z.object({ type: z.enum(['BPEDecoder']), suffix: z.string() }),
  z.object({ type: z.enum(['Strip']), content: z.string(), start: z.int(), stop: z.int() }),
  z.object({ type: z.enum(['Replace']), pattern, content: z.string() }),
]);

const vocabulary = z.record(z.string(), z.int().nonnegative());
const optionalText = z.string().nullish();
const model = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['BPE']),
    vocab: vocabulary,
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    unk_token: optionalText,
    continuing_subword_prefix: optionalText,
    end_of_word_suffix: optionalText,
    fuse_unk: z.boolean().default(false),
    byte_fallback: z.boolean().default(false),
    ignore_merges: z.boolean().default(false),
  }),
  z.object({
    type: z.enum(['Unigram']),
    vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
    unk_id: z.int().nonnegative().nullish(),
    byte_fallback: z.boolean().default(false),
  }),
  z.object({ type: z.enum(['WordLevel']), vocab: vocabulary, unk_token: optionalText }),
  z.object({
    type: z.enum(['WordPiece']),
    vocab: vocabulary,
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
    max_input_chars_per_word: z.int().nonnegative(),
  }),
]);

const addedToken = z.object({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
  special: z.boolean().default(false),
});

/** How a text is split into the tokens of a model: sequences of steps are flat. */
const specSchema = z.object({
  added_tokens: z.array(addedToken),
  normalizers: z.array(normalizer),
  preTokenizers: z.array(preTokenizer),
  model,
  decoders: z.array(decoder),
});

export type TokenizerSpec = z.output<typeof specSchema>;
export type NormalizerSpec = TokenizerSpec['normalizers'][number];
export type PreTokenizerSpec = TokenizerSpec['preTokenizers'][number];
export type DecoderSpec = TokenizerSpec['decoders'][number];
export type ModelSpec = TokenizerSpec['model'];
export type AddedToken = TokenizerSpec['added_tokens'][number];
export type Behavior = z.output<typeof behavior>;

/** Schema of a tokenizer as a run keeps it, in its vocabulary. */
export const tokenizerSpec = specSchema;

const outer = z.object({ model: z.looseObject({ type: z.string().optional() }) });
const typed = z.looseObject({ type: z.string() });
/** Sequences of steps may contain others. */
const DEEPEST = 8;

/** Whether JSON has the form of a `tokenizer.json`. */
export function isTokenizerJson(json: unknown): boolean {
  return outer.safeParse(json).success;
}

/**
 * Parses a `tokenizer.json`.
 * @param name name of the file, for errors
 * @throws UnusableError that names the part that is not known
 */
export function parseTokenizer(json: unknown, name: string): TokenizerSpec {
  const refuse = (reason: Text): UnusableError =>
    new UnusableError(phrase('The tokenizer "{0}" cannot be used: {1}.', name, reason));
  const parts = z.looseObject({ model: z.unknown() }).parse(json);
  const read = <Schema extends z.ZodType>(schema: Schema, value: unknown, part: string): z.output<Schema> => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const type = typed.safeParse(value).data?.type;
    throw refuse(
      type === undefined
        ? phrase('its part "{0}" is damaged', part)
        : phrase('its {0} "{1}" is not known, or has other options than those that are', part, type),
    );
  };
  const steps = (value: unknown, list: string, part: string, depth = 0): unknown[] => {
    if (value === null || value === undefined) return [];
    const step = read(typed, value, part);
    if (step.type !== 'Sequence') return [step];
    const inner = z.array(z.unknown()).safeParse(step[list]).data;
    if (!inner || depth > DEEPEST) throw refuse(phrase('its part "{0}" is damaged', part));
    return inner.flatMap((each) => steps(each, list, part, depth + 1));
  };
  const modelJson = z.looseObject({ type: z.string().optional() }).parse(parts.model);
  const own = read(model, { ...modelJson, type: modelJson.type ?? typeOf(modelJson) }, 'model');
  const spec: TokenizerSpec = {
    added_tokens: read(z.array(addedToken), parts['added_tokens'] ?? [], 'added_tokens'),
    normalizers: steps(parts['normalizer'], 'normalizers', 'normalizer').map((each) =>
      read(normalizer, each, 'normalizer'),
    ),
    preTokenizers: steps(parts['pre_tokenizer'], 'pretokenizers', 'pre_tokenizer').map((each) =>
      read(preTokenizer, each, 'pre_tokenizer'),
    ),
    model: own,
    decoders: steps(parts['decoder'], 'decoders', 'decoder').map((each) => read(decoder, each, 'decoder')),
  };
  if (typeof modelJson['dropout'] === 'number' && modelJson['dropout'] > 0)
    throw refuse(phrase('it draws its tokens at random (dropout)'));
  for (const each of [...spec.normalizers, ...spec.preTokenizers, ...spec.decoders]) {
    if (!('pattern' in each) || !('Regex' in each.pattern)) continue;
    if (!Object.hasOwn(PATTERNS, each.pattern.Regex))
      throw refuse(phrase('it splits by the pattern {0}, which is not known', JSON.stringify(each.pattern.Regex)));
  }
  return spec;
}

/** Files of earlier versions do not say the type of their model. */
function typeOf(json: Readonly<Record<string, unknown>>): ModelSpec['type'] {
  if ('merges' in json) return 'BPE';
  // eslint-disable-next-line lab/translated -- names of types
  if (Array.isArray(json['vocab'])) return 'Unigram';
  // eslint-disable-next-line lab/translated -- names of types
  return 'continuing_subword_prefix' in json ? 'WordPiece' : 'WordLevel';
}

/**
 * Patterns of known tokenizers. Untrusted patterns can backtrack without end, so that others are refused. White space is
 * that of Unicode, which has U+0085 and lacks U+FEFF.
 */
const S = String.raw`\p{White_Space}`;
const NOT_S = String.raw`\P{White_Space}`;
const CONTRACTIONS = "'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]";
const [L, N] = [String.raw`\p{L}`, String.raw`\p{N}`];
/** The pattern of GPT-2. */
export const GPT2 = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?${L}+| ?${N}+| ?[^${S}${L}${N}]+|${S}+(?!${NOT_S})|${S}+`,
  'gu',
);
const gpt4 = (digits: string) =>
  new RegExp(
    `(?:${CONTRACTIONS})|[^\\r\\n${L}${N}]?${L}+|${N}${digits}| ?[^${S}${L}${N}]+[\\r\\n]*|${S}*[\\r\\n]+|${S}+(?!${NOT_S})|${S}+`,
    'gu',
  );
const gpt4Source = (digits: string) =>
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** Letters that may be in the first part of a word of GPT-4o, and those that may be in the second. */
const [UPPER, LOWER] = ['Lu', 'Ll'].map((first) =>
  [first, ...(first === 'Lu' ? ['Lt'] : []), 'Lm', 'Lo', 'M'].map((category) => `\\p{${category}}`).join(''),
) as [string, string];
const gpt4oSource = (contractions: string, [s, notS]: readonly [string, string]) => {
  const end = `(?${contractions})?`;
  const before = String.raw`[^\r\n\p{L}\p{N}]?`;
  return [
    `${before}[${UPPER}]*[${LOWER}]+${end}`,
    `${before}[${UPPER}]+[${LOWER}]*${end}`,
    String.raw`\p{N}{1,3}`,
    String.raw` ?[^${s}\p{L}\p{N}]+[\r\n/]*`,
    String.raw`${s}*[\r\n]+`,
    `${s}+(?!${notS})`,
    `${s}+`,
  ].join('|');
};
const clipSource = (s: string) => String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^${s}\p{L}\p{N}]+`;

export const PATTERNS: Readonly<Record<string, RegExp>> = {
  [String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`]: GPT2,
  [gpt4Source('{1,3}')]: gpt4('{1,3}'),
  [gpt4Source('')]: gpt4(''),
  [gpt4oSource("i:'s|'t|'re|'ve|'m|'ll|'d", [String.raw`\s`, String.raw`\S`])]: new RegExp(
    gpt4oSource(`:${CONTRACTIONS}`, [S, NOT_S]),
    'gu',
  ),
  [clipSource(String.raw`\s`)]: new RegExp(clipSource(S), 'gu'),
  [String.raw`\s+`]: new RegExp(`${S}+`, 'gu'),
  [' {2,}']: / {2,}/g,
};

/**
 * The tokenizer of GPT-2 with the vocabulary of `vocab.json` and the pairs of `merges.txt`, one in each line after a line of
 * the version.
 * @throws UnusableError for a vocabulary that is no object of ids by token
 */
export function gpt2Tokenizer(vocab: unknown, merges: string, name: string): TokenizerSpec {
  const pairs = merges.split(/\r?\n/).filter((line, at) => line !== '' && !(at === 0 && line.startsWith('#version')));
  return parseTokenizer(
    {
      model: { type: 'BPE', vocab, merges: pairs },
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
      decoder: { type: 'ByteLevel' },
    },
    name,
  );
}
