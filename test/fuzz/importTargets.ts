import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors.ts';
import { recognizeTorch } from '../../src/interop/torch/recognize.ts';
import { readTorchFile, writeTorchFile } from '../../src/interop/torch/torchFile.ts';
import { readVocabulary } from '../../src/interop/vocabulary.ts';
import { parseGates } from '../../src/runs/logged/loggedGates.ts';
import { parseProbe } from '../../src/runs/probeStore.ts';
import { parseRecord } from '../../src/runs/record.ts';
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
      name: 'run.json of a logged run',
      seeds: [text(LEAST)],
      names: true,
      read: (input, name) => parseRecord(jsonOf(input), name),
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
function jsonOf(input: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(input));
  } catch {
    return undefined;
  }
}
