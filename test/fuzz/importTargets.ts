import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors.ts';
import { recognizeTorch } from '../../src/interop/torch/recognize.ts';
import { readTorchFile, writeTorchFile } from '../../src/interop/torch/torchFile.ts';
import { Tokenizer } from '../../src/data/tokenizers/tokenizer.ts';
import { gpt2Tokenizer, isTokenizerJson, parseTokenizer } from '../../src/data/tokenizers/tokenizerJson.ts';
import { TokenizerVocabulary } from '../../src/data/tokenizers/tokenizerVocabulary.ts';
import { UnusableError } from '../../src/phrases/causes.ts';
import { readVocabulary } from '../../src/interop/vocabulary.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import type { Target } from './targets.ts';

/** A small `state_dict`: an LSTM of 2 units over 3 tokens. */
export const STATE_DICT: readonly NamedTensor[] = Object.entries({
  'embedding.weight': [3, 2],
  'rnn.weight_ih_l0': [8, 2],
  'rnn.weight_hh_l0': [8, 2],
  'rnn.bias_ih_l0': [8],
  'rnn.bias_hh_l0': [8],
  'fc.weight': [3, 2],
  'fc.bias': [3],
}).map(([name, shape]) => ({
  name,
  shape,
  values: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, at) => Math.sin(at)),
}));

const vocab = { '<unk>': 0, a: 1, b: 2, ab: 3, '▁': 4, '</w>': 5 };
/** Small tokenizers of each kind. */
const TOKENIZERS: readonly object[] = [
  {
    added_tokens: [{ id: 6, content: '<s>', special: true, normalized: false, lstrip: true }],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }, { type: 'StripAccents' }] },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, use_regex: true },
    model: { type: 'BPE', vocab, merges: ['a b'], unk_token: '<unk>', byte_fallback: true },
    decoder: { type: 'ByteLevel' },
  },
  {
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: Object.keys(vocab).map((token, id) => [token, -id]),
      byte_fallback: false,
    },
    decoder: {
      type: 'Sequence',
      decoders: [{ type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }],
    },
  },
  {
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: {
      type: 'WordPiece',
      vocab,
      unk_token: '<unk>',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  },
  {
    pre_tokenizer: { type: 'Split', pattern: { String: 'a' }, behavior: 'MergedWithNext', invert: false },
    model: { type: 'WordLevel', vocab, unk_token: '<unk>' },
  },
];

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableError(`"${name}" is no JSON.`, { cause: error });
  }
}

/** Splits and writes a text. @throws Error if places of tokens leave it */
function useTokenizer(tokenizer: Tokenizer): void {
  const text = ' ab  ba\nÄ\u0301 海 😀<s>';
  const tokens = tokenizer.encode(text);
  if (tokens.some(({ start, end }) => start < 0 || end < start || end > text.length)) throw new Error('outside');
  tokenizer.decode(tokens.map(({ id }) => id));
}

/** The readers of models of other programs. */
export function importTargets(): Target[] {
  const text = (content: object | string) =>
    Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return [
    {
      name: 'safetensors',
      seeds: [writeSafetensors(STATE_DICT, { format: 'pt' })],
      names: true,
      read: (input, name) => recognizeTorch(readSafetensors(input, name).tensors, name),
    },
    {
      name: 'torch.save',
      seeds: [writeTorchFile(STATE_DICT)],
      names: false,
      read: (input, name) => recognizeTorch(readTorchFile(input, name).tensors, name),
    },
    {
      name: 'imported vocabulary',
      seeds: [
        text(['a', 'b', '<unk>']),
        text({ a: 1, b: 2, '<pad>': 0 }),
        text({ stoi: { a: 0, b: 1 }, itos: ['a', 'b'] }),
        text({ model: { type: 'WordLevel', vocab: { a: 0 } }, added_tokens: [{ id: 1, content: '<s>' }] }),
        text('a\nb\n\\n\n'),
      ],
      names: true,
      read: (input, name) => readVocabulary(new TextDecoder().decode(input), name),
    },
    {
      name: 'tokenizer',
      seeds: TOKENIZERS.map(text),
      names: true,
      read: (input, name) => {
        const json = jsonOf(new TextDecoder().decode(input), name);
        if (!isTokenizerJson(json)) throw new UnusableError(`"${name}" is no tokenizer.`);
        useTokenizer(new Tokenizer(parseTokenizer(json, name), name));
      },
    },
    {
      name: 'vocabulary with a tokenizer',
      seeds: TOKENIZERS.map((each) =>
        text(new TokenizerVocabulary(new Tokenizer(parseTokenizer(each, 'tokenizer.json'))).toJSON()),
      ),
      names: false,
      read: (input, name) =>
        useTokenizer(TokenizerVocabulary.fromJSON(jsonOf(new TextDecoder().decode(input), name)).tokenizer),
    },
    {
      name: 'merges.txt',
      seeds: [text('#version: 0.2\na b\nab c\n')],
      names: true,
      read: (input, name) => {
        const vocab = { a: 0, b: 1, ab: 2, c: 3, abc: 4 };
        useTokenizer(new Tokenizer(gpt2Tokenizer(vocab, new TextDecoder().decode(input), name), name));
      },
    },
  ];
}
