import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { RecognitionChoices } from '../../../src/config/recognitionChoices.ts';
import { checkSizes, portableShape } from '../../../src/interop/portable.ts';
import { reordered } from '../../../src/interop/reorder.ts';
import { readSafetensors, writeSafetensors } from '../../../src/interop/safetensors.ts';
import { safetensorsFormat } from '../../../src/interop/safetensorsFormat.ts';
import { recognizeTorch } from '../../../src/interop/torch/recognize.ts';
import { readTorchFile, writeTorchFile } from '../../../src/interop/torch/torchFile.ts';
import { readVocabulary } from '../../../src/interop/vocabulary.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { importedModel } from '../../../src/worker/portable/importedModel.ts';
import { portableModel } from '../../../src/worker/portable/portableNetwork.ts';
import { vocabulariesOf } from '../../../src/worker/portable/vocabularies.ts';
import { randomNetworks } from '../../fixtures/randomNetworks.ts';
import { errorWith } from '../../harness/facts.ts';

const refused = (...facts: readonly string[]) => errorWith({ name: 'UnusableError' }, ...facts);

/** Values that differ between tensors and within them. */
function tensor(name: string, shape: readonly number[]): NamedTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const salt = [...name].reduce((sum, character) => 31 * sum + (character.codePointAt(0) ?? 0), 7);
  return { name, shape, values: Float32Array.from({ length: size }, (_, at) => Math.sin(at + salt)) };
}

const lstm = (module: string, width: number, units: number, end = ''): NamedTensor[] => [
  tensor(`${module}.weight_ih_l0${end}`, [4 * units, width]),
  tensor(`${module}.weight_hh_l0${end}`, [4 * units, units]),
  tensor(`${module}.bias_ih_l0${end}`, [4 * units]),
  tensor(`${module}.bias_hh_l0${end}`, [4 * units]),
];
const linear = (module: string, outputs: number, width: number): NamedTensor[] => [
  tensor(`${module}.weight`, [outputs, width]),
  tensor(`${module}.bias`, [outputs]),
];

/** What a model was taken for, with the values of its embedding and of its output layer. */
function taken(tensors: readonly NamedTensor[], choices: RecognitionChoices = {}) {
  const { kind, shape, tensors: own, found } = recognizeTorch(tensors, 'm', choices);
  const embedding = own.find(({ name }) => name === 'embedding/embeddings')?.values;
  return { kind, shape, found, embedding };
}

describe('models of PyTorch', () => {
  it('have the same embedding and output in every order of their tensors', () => {
    const cases: readonly (readonly [NamedTensor[], string])[] = [
      [[tensor('lm_head.weight', [20, 8]), tensor('wte.weight', [20, 8]), ...lstm('rnn', 8, 8)], 'wte.weight'],
      [[...linear('decoder', 20, 8), tensor('encoder.weight', [20, 8]), ...lstm('rnn', 8, 8)], 'encoder.weight'],
      [[...linear('decoder', 20, 8), tensor('encoder.weight', [20, 12]), ...lstm('rnn', 12, 8)], 'encoder.weight'],
      [[...linear('a', 20, 8), tensor('b.weight', [20, 8]), ...lstm('c', 8, 8)], 'b.weight'],
      [[tensor('a.weight', [20, 8]), tensor('b.weight', [20, 12]), ...lstm('c', 12, 8)], 'b.weight'],
    ];
    const property = fc.property(
      fc
        .constantFrom(...cases)
        .chain(([tensors, table]) =>
          fc.tuple(fc.shuffledSubarray(tensors, { minLength: tensors.length }), fc.constant(table)),
        ),
      ([tensors, table]) => {
        const { kind, embedding } = taken(tensors);
        assert.equal(kind, 'language-model');
        assert.deepEqual(embedding, tensors.find(({ name }) => name === table)?.values);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('are ambiguous if two matrices fit the embedding and the output, unless they are equal', () => {
    const both = [tensor('a.weight', [20, 8]), tensor('b.weight', [20, 8]), ...lstm('rnn', 8, 8)];
    assert.throws(
      () => recognizeTorch(both, 'm'),
      errorWith({ name: 'AmbiguousError', choice: 'output', option: 'output', modules: ['a', 'b'] }),
    );
    assert.deepEqual(taken(both, { output: 'a' }).embedding, both[1]?.values);
    assert.deepEqual(taken(both, { output: 'b' }).embedding, both[0]?.values);
    const tied = both.map((each) => (each.name === 'b.weight' ? { ...each, values: both[0]!.values } : each));
    assert.equal(taken(tied).kind, 'language-model');
  });

  it('have tied weights that are stored once', async () => {
    const once = [tensor('decoder.bias', [20]), tensor('decoder.weight', [20, 8]), ...lstm('rnn', 8, 8)];
    const bytes = writeSafetensors(once, { 'encoder.weight': 'decoder.weight' });
    const { shape } = await safetensorsFormat.recognize({ name: 'm', bytes, neighbor: async () => undefined }, {});
    assert.deepEqual([shape.embedding, shape.inputs, shape.outputs], [8, 20, 20]);
    const table = [tensor('emb.weight', [20, 8]), tensor('out.bias', [20]), ...lstm('rnn', 8, 8)];
    assert.equal(taken(table).kind, 'language-model');
  });

  it('are refused if a layer may be a part of the computation, whatever is chosen', () => {
    const embedding = tensor('embedding.weight', [20, 8]);
    const chain = [embedding, ...lstm('rnn', 8, 8), ...linear('fc1', 8, 8), ...linear('fc2', 3, 8)];
    for (const output of [undefined, 'fc1', 'fc2'])
      assert.throws(() => recognizeTorch(chain, 'm', { output }), refused('fc1', 'fc2'));
    const first = [...lstm('lstm1', 8, 8), tensor('lstm1.weight_ih_l1', [32, 8])];
    const two = [embedding, ...first, ...lstm('lstm2', 8, 6), ...linear('fc', 3, 6)];
    for (const recurrent of [undefined, 'lstm1', 'lstm2'])
      assert.throws(() => recognizeTorch(two, 'm', { recurrent }), refused('lstm1', 'lstm2'));
    const norm = [embedding, ...lstm('rnn', 8, 8), ...linear('fc', 3, 8), tensor('norm.weight', [8])];
    assert.throws(() => recognizeTorch(norm, 'm', { output: 'fc' }), refused('norm.weight'));
  });

  it('have the kinds that their widths allow', () => {
    const kindsOf = (tensors: readonly NamedTensor[]) => recognizeTorch(tensors, 'm').kinds;
    const table = tensor('embedding.weight', [20, 8]);
    const both = [...lstm('rnn', 8, 6), ...lstm('rnn', 8, 6, '_reverse')];
    assert.deepEqual(kindsOf([table, ...lstm('rnn', 8, 6), ...linear('fc', 20, 6)]), ['language-model']);
    assert.deepEqual(kindsOf([table, ...lstm('rnn', 8, 6), ...linear('fc', 3, 6)]), ['classifier', 'tagger']);
    assert.deepEqual(kindsOf([table, ...lstm('rnn', 8, 6), ...linear('fc', 1, 6)]), ['classifier']);
    assert.deepEqual(kindsOf([...lstm('rnn', 8, 6), ...linear('fc', 8, 6)]), [
      'language-model',
      'classifier',
      'tagger',
      'forecaster',
    ]);
    assert.deepEqual(kindsOf([...both, ...linear('fc', 8, 12)]), ['classifier', 'tagger', 'forecaster']);
    assert.deepEqual(recognizeTorch([...both, ...linear('fc', 8, 12)], 'm', { kind: 'tagger' }).kinds, ['tagger']);
  });

  it('name what is left out by choice', () => {
    const heads = [
      tensor('embedding.weight', [20, 8]),
      ...lstm('rnn', 8, 8),
      ...linear('a', 4, 8),
      ...linear('b', 3, 8),
    ];
    const { found, shape } = taken(heads, { output: 'b' });
    assert.equal(shape.outputs, 3);
    assert.ok(found.some((text) => JSON.stringify(text).includes('"a"')));
  });

  it('are recognized in modules around all of them', () => {
    const pair = [...lstm('encoder.rnn', 3, 2), ...lstm('decoder.rnn', 4, 2), ...linear('decoder.out', 4, 2)];
    const inner = pair.map((each) => ({ ...each, name: `net.model.${each.name}` }));
    assert.deepEqual(recognizeTorch(inner, 'm'), recognizeTorch(pair, 'm'));
    const heads = [...lstm('rnn', 8, 6), ...linear('a', 4, 6), ...linear('b', 3, 6)];
    const wrapped = heads.map((each) => ({ ...each, name: `net.${each.name}` }));
    assert.equal(recognizeTorch(wrapped, 'm', { output: 'net.b' }).shape.outputs, 3);
  });

  it('say how a classifier in both directions reads its states', () => {
    const both = [...lstm('rnn', 8, 6), ...lstm('rnn', 8, 6, '_reverse'), ...linear('fc', 3, 12)];
    const says = (pooling: 'last' | 'mean') =>
      taken(both, { pooling }).found.some((text) => JSON.stringify(text).includes('h_n'));
    assert.deepEqual([says('last'), says('mean')], [true, false]);
  });

  it('give an unknown token a negligible probability, whatever is added to all logits', () => {
    const numbers = fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 });
    const property = fc.property(numbers, fc.integer({ min: -200, max: 200 }), (state, shift) => {
      const { shape } = recognizeTorch([...lstm('rnn', 4, 3), ...linear('fc', 4, 3)], 'm');
      const kernel = tensor('dense/kernel', [3, 4]);
      // Each column is shifted by the same amount, and so are the logits.
      const shifted = { ...kernel, values: kernel.values.map((value) => value + shift) };
      const weights = [shifted, tensor('dense/bias', [4])];
      const [columns, bias] = reordered(shape, weights, [-1, 0, 1, 2, 3], true);
      const logits = Array.from({ length: 5 }, (_, id) =>
        state.reduce((sum, value, row) => sum + value * columns!.values[5 * row + id]!, bias!.values[id]!),
      );
      const [unknown = NaN, ...known] = logits;
      assert.ok(unknown - Math.max(...known) < -29, logits.join());
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('are read in a time that the axes of one index do not lengthen, and have a bounded number of axes', () => {
    const deep = (axes: number) => [{ ...tensor('a', [2, 3]), shape: [2, ...Array<number>(axes - 2).fill(1), 3] }];
    assert.deepEqual(readTorchFile(writeTorchFile(deep(16)), 'm').tensors, deep(16));
    assert.deepEqual(readSafetensors(writeSafetensors(deep(16)), 'm').tensors, deep(16));
    assert.throws(() => readTorchFile(writeTorchFile(deep(17)), 'm'), refused());
    assert.throws(() => readSafetensors(writeSafetensors(deep(17)), 'm'), refused('m', 'a', '17', '16'));
  });
});

describe('structures of exports', () => {
  const { shape, tensors } = recognizeTorch(
    [tensor('embedding.weight', [20, 8]), ...lstm('rnn', 8, 6), ...linear('fc', 20, 6)],
    'm',
  );

  it('are bounded', () => {
    assert.ok(portableShape.safeParse(shape).success);
    const changes = [{ layers: 1_000_000_000 }, { units: 1_000_000 }, { embedding: 5000 }, { projection: 5000 }];
    for (const change of changes) assert.ok(!portableShape.safeParse({ ...shape, ...change }).success);
  });

  it('fit the weights of every network', async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '', threads: 1 });
    for (const { network } of randomNetworks()) {
      const model = await portableModel(network);
      portableShape.parse(model.shape);
      checkSizes(model);
    }
  });

  it('fit the weights, or are refused by the name of a tensor', () => {
    checkSizes({ shape, tensors });
    const changes: readonly (readonly [Partial<typeof shape>, string])[] = [
      [{ layers: 8 }, 'lstm_2/kernel'],
      [{ units: 4096 }, 'lstm_1/kernel'],
      [{ inputs: 1_000_000_000 }, 'embedding/embeddings'],
      [{ embedding: 4096 }, 'embedding/embeddings'],
      [{ outputs: 1_000_000_000 }, 'dense/kernel'],
      [{ bidirectional: true }, 'forward_lstm_1/kernel'],
      [{ labels: 1_000_000_000 }, 'label_1_h'],
    ];
    for (const [change, fact] of changes)
      assert.throws(() => checkSizes({ shape: { ...shape, ...change }, tensors }), refused(fact));
  });
});

describe('vocabularies of other programs', () => {
  it('are read in each form', () => {
    const keras = { class_name: 'Tokenizer', config: { num_words: null, word_index: '{"a": 1, "b": 2}' } };
    const forms: readonly (readonly [unknown, readonly string[]])[] = [
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      [{ a: 0, b: 1 }, ['a', 'b']],
      [{ 0: 'a', 1: 'b' }, ['a', 'b']],
      [{ itos: { 0: 'a', 1: 'b' } }, ['a', 'b']],
      [{ stoi: { a: 0, b: 1 }, itos: ['a', 'b'] }, ['a', 'b']],
      [{ index_word: { 1: 'a', 2: 'b' } }, ['<pad>', 'a', 'b']],
      [keras, ['<pad>', 'a', 'b']],
      [JSON.stringify(keras), ['<pad>', 'a', 'b']],
    ];
    for (const [json, expected] of forms) assert.deepEqual(readVocabulary(JSON.stringify(json), 'v.json'), expected);
    const wrong: readonly (readonly [unknown, string])[] = [
      [{ 0: 'a', 2: 'b' }, '1'],
      [{ 0: 'a', 1: 'a' }, 'a'],
      [{ x: true }, 'word_index'],
      [{ config: { word_index: '[' } }, 'word_index'],
    ];
    for (const [json, fact] of wrong)
      assert.throws(() => readVocabulary(JSON.stringify(json), 'v.json'), refused('v.json', fact));
  });

  it('may have fewer tokens than a padded model, and more words than a classifier knows', async () => {
    const classifier = recognizeTorch(
      [tensor('embedding.weight', [20, 8]), ...lstm('rnn', 8, 6), ...linear('fc', 3, 6)],
      'm',
    );
    const words = (count: number) => ({ name: 'v', tokens: Array.from({ length: count }, (_, id) => `word${id}`) });
    for (const [count, notes] of [
      [20, 0],
      [18, 1],
      [88, 1],
    ] as const) {
      const imported = await importedModel(classifier, 'classifier', { vocabulary: words(count) });
      assert.equal(imported.notes?.length, notes);
    }
    await assert.rejects(importedModel(classifier, 'classifier', { vocabulary: words(9) }), refused('9', '20'));
    const model = recognizeTorch(
      [tensor('embedding.weight', [8, 8]), ...lstm('rnn', 8, 6), ...linear('fc', 8, 6)],
      'm',
    );
    const characters = (count: number) => ({ name: 'v', tokens: [...'abcdefghij'].slice(0, count) });
    const imported = await importedModel(model, 'language-model', { vocabulary: characters(6) });
    assert.equal(imported.notes?.length, 1);
    await assert.rejects(importedModel(model, 'language-model', { vocabulary: characters(10) }), refused('10', '8'));
  });

  it('are not needed by models that may read numbers, which an error says', async () => {
    const none = { file: '/nowhere/model.pt' };
    const ask = async (mayReadNumbers: boolean) => vocabulariesOf(none, { hasTarget: false, mayReadNumbers });
    await assert.rejects(ask(true), errorWith({ name: 'UnusableError', option: 'kind' }));
    await assert.rejects(ask(false), errorWith({ name: 'UnusableError', option: 'vocabulary' }));
  });
});
