import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors.ts';
import { recognizeTorch } from '../../src/interop/torch/recognize.ts';
import { readTorchFile, writeTorchFile } from '../../src/interop/torch/torchFile.ts';
import { readVocabulary } from '../../src/interop/vocabulary.ts';
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
    ...kerasTargets(STATE_DICT),
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
  ];
}
