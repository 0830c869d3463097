import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { RecognitionChoices } from '../../../src/config/recognitionChoices.ts';
import { Hdf5File } from '../../../src/interop/hdf5/hdf5File.ts';
import { type Hdf5Array, writeHdf5 } from '../../../src/interop/hdf5/hdf5Writer.ts';
import { kerasFormat } from '../../../src/interop/keras/kerasFormat.ts';
import { unzip } from '../../../src/interop/zip.ts';
import { PhrasedError } from '../../../src/phrases/phrase.ts';
import { importRun, recognizeModel } from '../../../src/worker/portable/importRun.ts';
import { loadTrainedModel } from '../../../src/worker/trainedModel.ts';
import { STATE_DICT } from '../../fuzz/importTargets.ts';
import { kerasFile } from '../../fuzz/kerasTargets.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from '../worker/fixture.ts';

const refused = (...facts: readonly string[]) => errorWith({ name: 'UnusableError' }, ...facts);

const array = (...shape: number[]): Hdf5Array => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, at) => Math.sin(at)),
});

/** Weights of an embedding of 4 tokens, an LSTM of 2 units and a dense layer of 4 outputs. */
const WEIGHTS: Readonly<Record<string, Hdf5Array>> = {
  'layers/embedding/vars/0': array(4, 3),
  'layers/lstm/cell/vars/0': array(3, 8),
  'layers/lstm/cell/vars/1': array(2, 8),
  'layers/lstm/cell/vars/2': array(8),
  'layers/dense/vars/0': array(2, 4),
  'layers/dense/vars/1': array(4),
};

const layer = (className: string, config: object = {}) => ({
  module: 'keras.layers',
  class_name: className,
  config: { name: className.toLowerCase(), ...config },
  registered_name: null,
});
const LSTM = layer('LSTM', { units: 2, return_sequences: true, activation: 'tanh', recurrent_activation: 'sigmoid' });
const LAYERS = [layer('Embedding'), LSTM, layer('Dense', { units: 4, activation: 'softmax' })];
const sequential = (layers: readonly object[]) => ({ module: 'keras', class_name: 'Sequential', config: { layers } });

interface Archive {
  readonly config?: unknown;
  readonly weights?: Readonly<Record<string, Hdf5Array>>;
  readonly others?: Readonly<Record<string, string>>;
}

function archive({ config = sequential(LAYERS), weights = WEIGHTS, others = {} }: Archive): Uint8Array {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  return zipSync({
    'metadata.json': Buffer.from('{}'),
    'config.json': Buffer.from(text),
    'model.weights.h5': writeHdf5(new Map(Object.entries(weights))),
    ...Object.fromEntries(Object.entries(others).map(([name, content]) => [name, Buffer.from(content)])),
  });
}

const recognize = async (bytes: Uint8Array, choices: RecognitionChoices = {}) =>
  kerasFormat.recognize({ name: 'evil.keras', bytes, neighbor: () => Promise.resolve(undefined) }, choices);

describe('models of Keras', () => {
  const home = temporaryFolder();

  it('are read with the vocabulary of the layer that reads texts', async () => {
    const config = { vocabulary: ['b', 'c'], output_mode: 'int', ngrams: null };
    const texts = (className: string, changes: object = {}) =>
      archive({ config: sequential([layer(className, { ...config, ...changes }), ...LAYERS]) });
    const tokens = async (bytes: Uint8Array) => (await recognize(bytes)).tokens;
    assert.deepEqual(await tokens(texts('TextVectorization')), ['<pad>', '[UNK]', 'b', 'c']);
    assert.deepEqual(await tokens(texts('TextVectorization', { vocabulary: ['', '[UNK]', 'b', 'c'] })), [
      '<pad>',
      '[UNK]',
      'b',
      'c',
    ]);
    assert.deepEqual(await tokens(texts('StringLookup', { num_oov_indices: 2 })), ['[UNK]', '[UNK]', 'b', 'c']);
    assert.deepEqual(await tokens(texts('StringLookup', { mask_token: '-' })), ['-', '[UNK]', 'b', 'c']);
    const learned = archive({
      config: sequential([layer('TextVectorization', { ...config, vocabulary: null }), ...LAYERS]),
      others: { 'assets/layers/text_vectorization/vocabulary.txt': '\n[UNK]\nb\nc' },
    });
    assert.deepEqual(await tokens(learned), ['<pad>', '[UNK]', 'b', 'c']);
    for (const changes of [{ output_mode: 'tf_idf' }, { vocabulary: null }, { ngrams: 2 }])
      await assert.rejects(recognize(texts('TextVectorization', changes)), refused('evil.keras', 'textvectorization'));
    assert.equal(await tokens(archive({})), undefined);
  });

  it('are imported with the vocabulary in the file, unless another one is given', async () => {
    const config = { vocabulary: ['b', 'c'], output_mode: 'int', split: 'character' };
    const file = join(home(), 'texts.keras');
    await writeFile(file, archive({ config: sequential([layer('TextVectorization', config), ...LAYERS]) }));
    const { backends } = request(home());
    const recognition = await recognizeModel({ file, choices: {} });
    assert.equal(recognition.state === 'recognized' && recognition.vocabulary, file);
    for (const vocabulary of [undefined, file]) {
      const { folder } = await importRun({ file, vocabulary, choices: {}, backends }, new Date());
      const { model, vocabulary: own } = await loadTrainedModel(folder);
      assert.deepEqual([...own.tokens].sort(), [...'bc', '<pad>', own.tokens[0]].sort());
      model.dispose();
    }
    const vocabulary = join(home(), 'others.json');
    await writeFile(vocabulary, JSON.stringify(['w', 'x', 'y', 'z']));
    const { folder } = await importRun({ file, vocabulary, choices: {}, backends }, new Date());
    assert.ok((await loadTrainedModel(folder)).vocabulary.tokens.includes('z'));
  });

  it('say where texts are read otherwise, and are refused with rules of somebody', async () => {
    const base = { vocabulary: ['b', 'c'], output_mode: 'int' };
    const texts = (changes: object) =>
      archive({ config: sequential([layer('TextVectorization', { ...base, ...changes }), ...LAYERS]) });
    const count = async (changes: object) => (await recognize(texts(changes))).found.length;
    const plain = await count({ split: 'character', standardize: 'lower' });
    assert.equal(await count({}), plain + 1);
    assert.equal(await count({ split: 'whitespace', standardize: null, output_sequence_length: 50 }), plain + 2);
    for (const changes of [
      { standardize: { class_name: 'function' } },
      { split: 'mine' },
      { split: null },
      { encoding: 'latin-1' },
    ])
      await assert.rejects(recognize(texts(changes)), refused('evil.keras', 'textvectorization'));
  });

  it('read vectors of tokens only if the user says so', async () => {
    const vectors = { ...WEIGHTS, 'layers/lstm/cell/vars/0': array(3, 8) };
    const weights = Object.fromEntries(Object.entries(vectors).filter(([path]) => !path.includes('embedding')));
    const one = { ...LSTM, config: { ...LSTM.config, return_sequences: false } };
    const sensor = archive({ config: sequential([one, ...LAYERS.slice(2)]), weights });
    const own = await recognize(sensor);
    assert.deepEqual([own.kind, own.kinds], [undefined, ['classifier']]);
    const file = join(home(), 'sensor.keras');
    await writeFile(file, sensor);
    const { backends } = request(home());
    await assert.rejects(
      importRun({ file, choices: {}, backends }, new Date()),
      errorWith({ name: 'UnusableError', option: 'kind' }, 'sensor.keras', 'classifier'),
    );
    const { shape, kind } = await recognize(sensor, { kind: 'classifier' });
    assert.deepEqual([shape.inputKind, shape.network, kind], ['ids', 'last-step', 'classifier']);
    assert.equal(shape.inputs, 3);
    for (const other of ['forecaster', 'tagger', 'language-model', 'sequence-to-sequence'] as const)
      await assert.rejects(recognize(sensor, { kind: other }), refused('evil.keras', other, 'classifier'));
    const dense = [layer('Dense', { units: 4, name: 'second' })];
    await assert.rejects(recognize(archive({ config: sequential([...LAYERS, ...dense]) })), refused('second'));
  });

  it('have the kind that the user says where the layers fit several', async () => {
    const { shape, kind } = await recognize(archive({}), { kind: 'tagger' });
    assert.deepEqual([shape.network, kind], ['every-step', 'tagger']);
    await assert.rejects(recognize(archive({}), { kind: 'classifier' }), refused('classifier', 'tagger'));
    const file = writeHdf5(new Map(Object.entries(WEIGHTS)));
    for (const [chosen, network] of [
      ['language-model', 'every-step'],
      ['tagger', 'every-step'],
      ['classifier', 'last-step'],
    ] as const) {
      const found = await recognize(file, { kind: chosen });
      assert.deepEqual([found.shape.network, found.kind], [network, chosen]);
    }
    await assert.rejects(recognize(file, { kind: 'forecaster' }), refused('forecaster'));
  });

  it('are refused: archives without their files, structures that are no models', async () => {
    assert.equal((await recognize(archive({}))).shape.network, 'every-step');
    await assert.rejects(
      recognize(zipSync({ 'config.json': Buffer.from('{}') })),
      refused('evil.keras', 'model.weights.h5'),
    );
    await assert.rejects(
      recognize(zipSync({ '../config.json': Buffer.from('{}') })),
      refused('evil.keras', '../config.json'),
    );
    await assert.rejects(recognize(new Uint8Array(100)), refused('evil.keras'));
    const nested = '['.repeat(100_000);
    for (const config of [
      '',
      '{',
      'null',
      '3',
      nested,
      `${nested}${']'.repeat(100_000)}`,
      '{"class_name":"Sequential"}',
    ])
      await assert.rejects(recognize(archive({ config })), refused('evil.keras'), config.slice(0, 30));
    const own =
      '{"class_name":"__proto__","config":{"layers":[{"class_name":"constructor","config":{"__proto__":1}}]}}';
    await assert.rejects(recognize(archive({ config: own })), refused('evil.keras', '__proto__'));
    const constructor = sequential([layer('constructor'), ...LAYERS]);
    await assert.rejects(recognize(archive({ config: constructor })), refused('evil.keras', 'constructor'));
    const other = sequential([...LAYERS.slice(0, 1), { ...LSTM, module: 'evil.layers' }, ...LAYERS.slice(2)]);
    await assert.rejects(recognize(archive({ config: other })), refused('evil.keras', 'evil.layers.LSTM'));
    const registered = sequential([
      ...LAYERS.slice(0, 1),
      { ...LSTM, registered_name: 'evil>LSTM' },
      ...LAYERS.slice(2),
    ]);
    await assert.rejects(recognize(archive({ config: registered })), refused('evil.keras', 'evil>LSTM'));
    await assert.rejects(recognize(archive({}), { pooling: 'mean' }), refused('evil.keras'));
  });

  it('are refused: weights that are missing, have other shapes or are not finite', async () => {
    const without = Object.fromEntries(Object.entries(WEIGHTS).filter(([path]) => !path.startsWith('layers/lstm')));
    await assert.rejects(recognize(archive({ weights: without })), refused('evil.keras', 'lstm'));
    for (const path of Object.keys(WEIGHTS)) {
      const weights = { ...WEIGHTS, [path]: array(7, 5) };
      await assert.rejects(recognize(archive({ weights })), refused('evil.keras'), path);
    }
    const infinite = { shape: [8], values: new Float32Array(8).fill(Infinity) };
    const weights = { ...WEIGHTS, 'layers/lstm/cell/vars/2': infinite };
    await assert.rejects(recognize(archive({ weights })), refused('evil.keras', 'lstm_1/bias'));
  });

  it('are known without their structure by groups and shapes', async () => {
    const file = (weights: Readonly<Record<string, Hdf5Array>>) => writeHdf5(new Map(Object.entries(weights)));
    const { shape, isComplete } = await recognize(file(WEIGHTS));
    assert.deepEqual([shape.network, shape.cell, shape.units, isComplete], ['every-step', 'lstm', 2, undefined]);
    const classifier = await recognize(
      file({ ...WEIGHTS, 'layers/dense/vars/0': array(2, 3), 'layers/dense/vars/1': array(3) }),
      { pooling: 'mean' },
    );
    assert.deepEqual([classifier.shape.network, classifier.shape.pooling], ['last-step', 'mean']);
    const strange = { ...WEIGHTS, 'layers/conv1d/vars/0': array(3, 3) };
    await assert.rejects(recognize(file(strange)), refused('evil.keras', 'layers/conv1d'));
    await assert.rejects(
      recognize(file({ 'layers/dense/vars/0': array(2, 4) })),
      refused('evil.keras', 'layers/lstm', 'model.save'),
    );
    await assert.rejects(recognize(file(WEIGHTS), { output: 'dense' }), refused('evil.keras'));
  });
});

describe('hostile files of HDF5', () => {
  const weights = unzip(kerasFile(STATE_DICT), 'm').get('model.weights.h5') ?? new Uint8Array();
  const read = (bytes: Uint8Array) => {
    const file = new Hdf5File(bytes, 'evil.h5');
    for (const dataset of file.datasets.values()) dataset.read();
    return file.datasets.size;
  };
  /** Places of a signature. */
  const places = (signature: string) => {
    const found: number[] = [];
    const bytes = Buffer.from(weights);
    for (let at = bytes.indexOf(signature); at >= 0; at = bytes.indexOf(signature, at + 1)) found.push(at);
    return found;
  };
  const changed = (change: (view: DataView) => void) => {
    const copy = weights.slice();
    change(new DataView(copy.buffer));
    return copy;
  };

  it('are refused at every length of a file that is not whole', () => {
    assert.equal(read(weights), 6);
    for (let length = 0; length < weights.length; length += 13)
      assert.throws(() => read(weights.subarray(0, length)), refused('evil.h5'), String(length));
  });

  it('are read in bounded time: trees that are their own children, and groups in themselves', () => {
    const trees = places('TREE');
    assert.ok(trees.length > 5);
    const started = process.cpuUsage();
    for (const at of trees) {
      // Level 1, with children that are this node.
      const own = changed((view) => {
        view.setUint8(at + 5, 1);
        view.setUint16(at + 6, 30, true);
        for (let child = 0; child < 30; child++) view.setBigUint64(at + 32 + 16 * child, BigInt(at), true);
      });
      assert.throws(() => read(own), refused('evil.h5'));
    }
    for (const at of places('SNOD')) {
      // Each entry is the root group.
      const root = new DataView(weights.buffer, weights.byteOffset).getBigUint64(64, true);
      const own = changed((view) => {
        view.setBigUint64(at + 16, root, true);
      });
      assert.throws(() => read(own), refused('evil.h5'));
    }
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 60e6);
  });

  it('are refused or read after any change of a number of 8 bytes', () => {
    for (let at = 0; at + 8 <= weights.length; at += 8)
      for (const value of [0n, 1n << 40n, (1n << 64n) - 1n, 96n]) {
        const bytes = changed((view) => {
          view.setBigUint64(at, value, true);
        });
        try {
          read(bytes);
        } catch (error) {
          assert.ok(error instanceof PhrasedError && error.message.includes('evil.h5'), String(error));
        }
      }
  });
});
