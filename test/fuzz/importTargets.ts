import { recognizeLayers } from '../../src/interop/layerList/recognizeLayers.ts';
import { onnxFiles } from '../../src/interop/onnx/onnxFiles.ts';
import { onnxFormat } from '../../src/interop/onnx/onnxFormat.ts';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors.ts';
import { readLayersModel } from '../../src/interop/tfjs/layersModelFile.ts';
import { tfjsFiles } from '../../src/interop/tfjs/tfjsFiles.ts';
import { recognizeTorch } from '../../src/interop/torch/recognize.ts';
import { readTorchFile, writeTorchFile } from '../../src/interop/torch/torchFile.ts';
import { Tokenizer } from '../../src/data/tokenizers/tokenizer.ts';
import { gpt2Tokenizer, isTokenizerJson, parseTokenizer } from '../../src/data/tokenizers/tokenizerJson.ts';
import { TokenizerVocabulary } from '../../src/data/tokenizers/tokenizerVocabulary.ts';
import { UnusableError } from '../../src/phrases/causes.ts';
import { readVocabulary } from '../../src/interop/vocabulary.ts';
import { parseGates } from '../../src/runs/logged/loggedGates.ts';
import { parseProbe } from '../../src/runs/probeStore.ts';
import { parseRecord } from '../../src/runs/record.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import { kerasTargets } from './kerasTargets.ts';
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

/** The files of the same model as a LayersModel: a functional one. */
export function layersModelFiles(): { readonly 'model.json': Uint8Array; readonly 'weights.bin': Uint8Array } {
  const files = tfjsFiles(recognizeTorch(STATE_DICT, 'm'));
  return { 'model.json': files['model.json']!, 'weights.bin': files['weights.bin']! };
}

/** Values of the weights of `sequentialJson`. */
const QUANTIZED_BYTES = 6 + 2 * (16 + 16 + 8) + 4 + 1;

/** A model of a list of layers, as `model.save` and `tensorflowjs_converter` write it: both directions, quantized. */
function sequentialJson(): string {
  const lstm = { name: 'lstm', units: 2, activation: 'tanh', recurrent_activation: 'sigmoid', use_bias: true };
  const layers = [
    { class_name: 'Embedding', config: { name: 'embedding', mask_zero: true, batch_input_shape: [null, null] } },
    {
      class_name: 'Bidirectional',
      config: { name: 'both', layer: { class_name: 'LSTM', config: lstm }, merge_mode: 'concat' },
    },
    { class_name: 'Dense', config: { name: 'dense', units: 1, activation: 'sigmoid', use_bias: true } },
  ];
  const weight = (name: string, shape: readonly number[]) => ({
    ...{ name, shape, dtype: 'float32' },
    quantization: { dtype: 'uint8', scale: 0.01, min: -1, original_dtype: 'float32' },
  });
  const direction = (name: string) => [
    weight(`both/${name}_lstm/lstm_cell/kernel`, [2, 8]),
    weight(`both/${name}_lstm/lstm_cell/recurrent_kernel`, [2, 8]),
    weight(`both/${name}_lstm/lstm_cell/bias`, [8]),
  ];
  const weights = [
    weight('embedding/embeddings', [3, 2]),
    ...direction('forward'),
    ...direction('backward'),
    weight('dense/kernel', [4, 1]),
    weight('dense/bias', [1]),
  ];
  return JSON.stringify({
    format: 'layers-model',
    modelTopology: { keras_version: '2.15.0', model_config: { class_name: 'Sequential', config: { layers } } },
    weightsManifest: [{ paths: ['quantized.bin'], weights }],
  });
}

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

const LEAST = {
  ...{ version: 1, origin: 'logged', id: 'a', name: 'a', createdAt: '2026-01-01T00:00:00Z', state: 'running' },
  program: { name: 'PyTorch', device: 'cpu', threads: 2, versions: { torch: '2' } },
  ...{ task: 'language-model', unit: 'nats per character', vocabularySize: 3, baselines: { unigram: 1 } },
  config: { 'training.learningRate': 0.1, 'model.units': 3, hidden: 4 },
  layers: [{ layer: 'lstm', direction: 'forward', cell: 'lstm', units: 3 }],
  ...{ parameters: 5, steps: 9, metrics: ['gradNorm', 'valLoss'], gates: true },
  progress: {
    ...{ step: 4, seconds: 1, trainLoss: 1, valLoss: 2, best: { step: 4, loss: 2 }, diverged: null },
    validations: {
      count: 6,
      best: { step: 4, loss: 2, trainLoss: 1 },
      recent: Array.from({ length: 6 }, (_, i) => ({ step: i, loss: 5 - i, trainLoss: 3 })),
    },
  },
};
const CURVES = { h: [[1, 0.5, 0.1]], c: [[1, 0.5, null]] };
const LOGGED_PROBE = {
  ...{ version: 1, origin: 'logged', step: 3, loss: 1, gradientNorm: 2, validations: LEAST.progress.validations },
  layers: [{ ...LEAST.layers[0], lastStep: CURVES, summed: CURVES, sigmaMax: 1, forgetProduct: [1, 0.5] }],
  parameters: [{ name: 'w', gradientNorm: 1, weightNorm: 2, updateRatio: null }],
};
const LOGGED_GATES = {
  ...{ version: 1, step: 3, tokens: ['a', 'b'], surprisal: [null, 1] },
  layers: [
    {
      ...{ layer: 'rnn', direction: 'forward', cell: 'rnn', units: 1 },
      activations: { hidden: Buffer.from(new Uint8Array(8)).toString('base64') },
    },
  ],
};

/** The readers of models and of logged runs of other programs. */
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
    ...kerasTargets(STATE_DICT),
    {
      name: 'LayersModel',
      seeds: [layersModelFiles()['model.json'], text(sequentialJson())],
      names: true,
      async read(input, name) {
        const weights = new Map([
          ['weights.bin', layersModelFiles()['weights.bin']],
          ['quantized.bin', new Uint8Array(QUANTIZED_BYTES)],
        ]);
        const neighbor = (file: string) => Promise.resolve(weights.get(file));
        recognizeLayers(await readLayersModel({ name, bytes: input, neighbor }), name);
      },
    },
    {
      name: 'weights of a LayersModel',
      seeds: [layersModelFiles()['weights.bin']],
      names: true,
      async read(input, name) {
        const neighbor = () => Promise.resolve(input);
        recognizeLayers(await readLayersModel({ name, bytes: layersModelFiles()['model.json'], neighbor }), name);
      },
    },
    {
      name: 'onnx',
      seeds: [...Object.values(onnxFiles(recognizeTorch(STATE_DICT, 'm')))],
      names: true,
      read: async (input, name) =>
        onnxFormat.recognize({ name, bytes: input, neighbor: async () => Promise.resolve(undefined) }, {}),
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
    {
      name: 'run.json of a logged run',
      seeds: [text(LEAST)],
      names: true,
      read: (input, name) => parseRecord(parsedJson(input), name),
    },
    {
      name: 'probe of a logged run',
      seeds: [text(LOGGED_PROBE)],
      names: true,
      read: (input, name) => parseProbe(new TextDecoder().decode(input), name),
    },
    {
      name: 'gates of a logged run',
      seeds: [text(LOGGED_GATES)],
      names: true,
      read: (input, name) => parseGates(new TextDecoder().decode(input), name),
    },
  ];
}

/** What JSON says; another value for what is none, which the reader of the file refuses before. */
function parsedJson(input: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(input));
  } catch {
    return undefined;
  }
}
