import assert from 'node:assert/strict';
import { zipSync } from 'fflate';
import { readSafetensors, writeSafetensors } from '../../../src/interop/safetensors.ts';
import { readPickle } from '../../../src/interop/torch/pickle.ts';
import { layersInOrder } from '../../../src/interop/layerList/layerRecord.ts';
import { recognizeLayers } from '../../../src/interop/layerList/recognizeLayers.ts';
import { readLayersModel } from '../../../src/interop/tfjs/layersModelFile.ts';
import { recognizeTorch } from '../../../src/interop/torch/recognize.ts';
import { readTorchFile, writeTorchFile } from '../../../src/interop/torch/torchFile.ts';
import { unzip } from '../../../src/interop/zip.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { layersModelFiles, STATE_DICT } from '../../fuzz/importTargets.ts';
import { fuzz } from '../../fuzz/fuzz.ts';
import { importTargets } from '../../fuzz/importTargets.ts';
import { errorWith } from '../../harness/facts.ts';

/** Inputs of the readers of other programs' models that are mutated in each test run. */
const INPUTS = 20_000;

/** A file of safetensors with any header, and values of a number of bytes. */
function safetensors(header: unknown, bytes = 0, length?: bigint): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + bytes);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const f32 = (shape: readonly number[], from: number, to: number) => ({ dtype: 'F32', shape, data_offsets: [from, to] });
const refused = (...facts: readonly string[]) => errorWith({ name: 'UnusableError' }, ...facts);

interface LayersModelJson {
  modelTopology: { config: { layers: { config: Record<string, unknown> }[] } };
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}

describe('damaged and hostile models of other programs', () => {
  it('are refused: headers of safetensors', () => {
    const cases: readonly (readonly [Uint8Array, string])[] = [
      [new Uint8Array(3), '3'],
      [safetensors({}, 0, 1n << 40n), '1099511627776'],
      [safetensors('[1'), 'evil'],
      [safetensors({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), 'b'],
      [safetensors({ a: f32([1], 4, 8) }, 8), 'a'],
      [safetensors({ a: f32([2], 0, 80) }, 8), 'a'],
      [safetensors({ a: f32([1 << 30, 1 << 30], 0, 8) }, 8), 'a'],
      [safetensors({ a: f32([-1], 0, 8) }, 8), 'evil'],
      [safetensors({ a: { ...f32([2], 0, 8), dtype: 'C64' } }, 8), 'C64'],
      [safetensors({ a: f32([1], 0, 4) }, 8), '4'],
    ];
    for (const [bytes, fact] of cases) assert.throws(() => readSafetensors(bytes, 'evil'), refused('evil', fact));
  });

  it('keep names of properties of objects apart from objects', () => {
    const header = `{"__proto__":${JSON.stringify(f32([1], 0, 4))},"constructor":${JSON.stringify(f32([1], 4, 8))}}`;
    assert.throws(() => readSafetensors(safetensors(header, 8), 'evil'), refused('evil'));
    const { tensors } = readSafetensors(safetensors({ constructor: f32([1], 0, 4) }, 4), 'evil');
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ['constructor'],
    );
    assert.equal(({} as { dtype?: unknown }).dtype, undefined);
  });

  it('are refused: pickles that name functions or use other operations', () => {
    const options = { functions: new Map(), persistent: () => null };
    const system = Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.', 'latin1');
    assert.throws(() => readPickle(system, options), refused('os.system'));
    const build = Buffer.from('\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.', 'latin1');
    assert.throws(() => readPickle(build, options), refused('builtins.eval'));
    // INST, OBJ, NEWOBJ, EXT1 and ADDITEMS.
    for (const code of [0x69, 0x6f, 0x81, 0x82, 0x90])
      assert.throws(() => readPickle(Uint8Array.of(0x80, 2, code), options), refused(`0x${code.toString(16)}`));
    const file = zipSync({ 'archive/data.pkl': system });
    assert.throws(() => readTorchFile(file, 'evil.pt'), refused('os.system'));
  });

  it('are refused: archives with paths that leave them, and those that grow', () => {
    assert.throws(() => unzip(zipSync({ '../x': Uint8Array.of(1) }), 'evil.zip'), refused('../x'));
    assert.throws(() => unzip(zipSync({ '/etc/x': Uint8Array.of(1) }), 'evil.zip'), refused('/etc/x'));
    assert.throws(() => unzip(zipSync({ 'c:\\x': Uint8Array.of(1) }), 'evil.zip'), refused('evil.zip'));
    const bomb = zipSync({ zeros: new Uint8Array(50_000_000) }, { level: 9 });
    assert.throws(() => unzip(bomb, 'evil.zip'), refused('evil.zip'));
  });

  it('are refused: archives whose entries are larger than they say', () => {
    const archive = zipSync({ 'a/data.pkl': new Uint8Array(2_000_000) }, { level: 0 });
    // The original size in the central directory, which is 24 bytes after its signature.
    const view = new DataView(archive.buffer, archive.byteOffset);
    for (let at = 0; at + 28 < archive.length; at++)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0, true);
    assert.throws(() => unzip(archive, 'evil.zip'), refused('a/data.pkl'));
  });

  it('are read in bounded time and memory: dictionaries in themselves, and values that many tensors share', () => {
    const options = { functions: new Map(), persistent: () => null };
    // A dictionary with 1,000 entries that are the dictionary itself.
    const entries = Array.from({ length: 1000 }, (_, key) => [0x4d, key & 255, key >> 8, 0x68, 0]).flat();
    const cycle = Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x28, ...entries, 0x75, 0x2e);
    assert.ok(readPickle(cycle, options) instanceof Map);
    assert.throws(() => readTorchFile(zipSync({ 'a/data.pkl': cycle }), 'evil.pt'), refused('evil.pt'));
    const shared = Array.from({ length: 200 }, (_, at) => ({
      name: `t${at}`,
      shape: [50_000],
      values: new Float32Array(at === 0 ? 50_000 : 0),
    }));
    const files = new Map(unzip(writeTorchFile(shared), 'm.pt'));
    // All tensors refer to the storage "0".
    const keyed = (key: string) => `X${String.fromCharCode(key.length)}\x00\x00\x00${key}X\x03\x00\x00\x00cpu`;
    let pickle = Buffer.from(files.get('model/data.pkl') ?? []).toString('latin1');
    for (const at of shared.keys()) pickle = pickle.replace(keyed(String(at)), keyed('0'));
    const small = {
      'm/data.pkl': Buffer.from(pickle, 'latin1'),
      'm/data/0': files.get('model/data/0') ?? new Uint8Array(),
    };
    assert.throws(() => readTorchFile(zipSync(small), 'evil.pt'), refused('evil.pt', 'share'));
  });

  it('are no stack: modules that are not numbered', () => {
    const renamed = (from: string, to: string) =>
      STATE_DICT.filter(({ name }) => name.startsWith('rnn')).map((tensor) => ({
        ...tensor,
        name: tensor.name.replace(from, to),
      }));
    const others = STATE_DICT.filter(({ name }) => !name.startsWith('rnn'));
    const parts = (first: string, second: string) => [...others, ...renamed('rnn', first), ...renamed('rnn', second)];
    assert.equal(recognizeTorch(parts('rnn1', 'rnn2'), 'm').shape.layers, 2);
    assert.equal(recognizeTorch(parts('cells.0', 'cells.1'), 'm').shape.layers, 2);
    // Each may read the other one.
    for (const recurrent of [undefined, 'left', 'right'])
      assert.throws(() => recognizeTorch(parts('left', 'right'), 'm', { recurrent }), refused('left', 'right'));
    const wide = parts('left', 'right').map((tensor) =>
      /weight_ih|embedding/.test(tensor.name)
        ? { ...tensor, shape: [tensor.shape[0]!, 1], values: tensor.values.slice(0, tensor.shape[0]) }
        : tensor,
    );
    assert.throws(
      () => recognizeTorch(wide, 'm'),
      errorWith({ name: 'AmbiguousError', choice: 'recurrent', modules: ['left', 'right'] }),
    );
    const { found } = recognizeTorch(wide, 'm', { recurrent: 'left' });
    assert.ok(found.some((text) => JSON.stringify(text).includes('"right"')));
  });

  it('are refused by what is not understood: encoders and decoders', () => {
    const tensor = (name: string, shape: readonly number[]): NamedTensor => ({
      name,
      shape,
      values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
    });
    const side = (name: string, width: number) =>
      STATE_DICT.filter((each) => each.name.startsWith('rnn')).map((each) => {
        const renamed = each.name.replace('rnn', `${name}.rnn`);
        return each.name === 'rnn.weight_ih_l0' ? tensor(renamed, [8, width]) : { ...each, name: renamed };
      });
    const output = [tensor('decoder.out.weight', [4, 2]), tensor('decoder.out.bias', [4])];
    const pair = [...side('encoder', 3), ...side('decoder', 4), ...output];
    const { shape, kind } = recognizeTorch(pair, 'm');
    assert.deepEqual(
      [kind, shape.network, shape.inputs, shape.outputs],
      ['sequence-to-sequence', 'encoder-decoder', 3, 4],
    );
    const attention = tensor('decoder.attn.weight', [2, 4]);
    assert.throws(() => recognizeTorch([...pair, attention], 'm'), refused('decoder.attn.weight'));
    const embedding = tensor('embedding.weight', [3, 2]);
    assert.throws(() => recognizeTorch([...pair, embedding], 'm'), refused('embedding.weight'));
    const other = [...side('encoder', 3), ...side('decoder', 5), ...output];
    assert.throws(() => recognizeTorch(other, 'm'), refused('5', '4'));
    const both = side('encoder', 3).map((each) => ({ ...each, name: `${each.name}_reverse` }));
    assert.throws(() => recognizeTorch([...pair, ...both], 'm'), refused('encoder.rnn'));
    assert.throws(() => recognizeTorch(STATE_DICT, 'm', { kind: 'sequence-to-sequence' }), refused('encoder'));
    assert.throws(
      () => recognizeTorch([...STATE_DICT, attention], 'm', { kind: 'tagger' }),
      refused('decoder.attn.weight'),
    );
  });

  it('are refused: tensors whose strides or offsets leave their values', () => {
    const bytes = writeTorchFile(STATE_DICT);
    assert.equal(readTorchFile(bytes, 'm.pt').tensors.length, STATE_DICT.length);
    const files = new Map(unzip(bytes, 'm.pt'));
    files.set('model/data/1', new Uint8Array(4));
    assert.throws(() => readTorchFile(zipSync(Object.fromEntries(files)), 'm.pt'), refused('m.pt', 'rnn.weight_ih_l0'));
  });

  it('are refused by name: layers that are not known, and several that fit', () => {
    const extra = (name: string, shape: number[]) => ({
      name,
      shape,
      values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
    });
    assert.throws(
      () => recognizeTorch([...STATE_DICT, extra('norm.running_mean', [2])], 'm'),
      refused('norm.running_mean'),
    );
    const two = [...STATE_DICT, extra('head.weight', [5, 2]), extra('head.bias', [5])];
    assert.throws(
      () => recognizeTorch(two, 'm'),
      errorWith({ name: 'AmbiguousError', choice: 'output', modules: ['fc', 'head'], option: 'output' }),
    );
    assert.throws(() => recognizeTorch(two, 'm', { output: 'none' }), refused('none'));
    const chosen = recognizeTorch(two, 'm', { output: 'head' });
    assert.deepEqual([chosen.shape.outputs, chosen.shape.network], [5, 'last-step']);
    assert.throws(() => recognizeTorch(STATE_DICT, 'm', { activation: 'relu' }), refused('lstm'));
    assert.throws(() => recognizeTorch(STATE_DICT, 'm', { pooling: 'mean' }), refused('m'));
    const lost = STATE_DICT.filter(({ name }) => name !== 'rnn.weight_hh_l0');
    assert.throws(() => recognizeTorch(lost, 'm'), refused('rnn.weight_hh_l0'));
    assert.throws(() => recognizeTorch([extra('fc.weight', [3, 2])], 'm'), refused('weight_ih_l0'));
  });

  it('are refused: LayersModels that name files elsewhere, and indexes that do not fit their files', async () => {
    const files = layersModelFiles();
    const asked: string[] = [];
    const read = async (change: (json: LayersModelJson) => void, weights = files['weights.bin']) => {
      const json = JSON.parse(new TextDecoder().decode(files['model.json'])) as LayersModelJson;
      change(json);
      const neighbor = (name: string) => {
        asked.push(name);
        return Promise.resolve(name.endsWith('.bin') ? weights : undefined);
      };
      return readLayersModel({ name: 'evil.json', bytes: Buffer.from(JSON.stringify(json)), neighbor });
    };
    assert.equal((await read(() => undefined)).length, 5);
    const paths = [
      '../weights.bin',
      '/etc/weights.bin',
      'http://evil/weights.bin',
      'c:\\weights.bin',
      'a/weights.bin',
      '..',
      '',
    ];
    asked.length = 0;
    for (const path of paths)
      await assert.rejects(
        read(({ weightsManifest: [group] }) => (group!.paths = [path])),
        refused('evil.json', path),
        path,
      );
    assert.deepEqual(asked, []);
    const cases: readonly (readonly [
      (group: LayersModelJson['weightsManifest'][number]) => void,
      ...facts: string[],
    ])[] = [
      [(group) => group.paths.push('weights.bin'), 'weights.bin'],
      [(group) => (group.paths = ['weights.txt']), 'weights.txt'],
      [(group) => (group.weights[0]!.shape = [1 << 30, 1 << 30])],
      [(group) => (group.weights[0]!.shape = [-1])],
      [(group) => (group.weights[0]!.dtype = 'string'), 'string'],
      [(group) => (group.weights[0]!.dtype = 'int32'), 'int32'],
      [(group) => (group.weights[0]!.name = 'nowhere/kernel'), 'nowhere/kernel'],
      [(group) => (group.weights[0]!.name = 'dense/kernel'), 'embedding'],
      [(group) => (group.weights = Array.from({ length: 10_001 }, () => group.weights[0]!)), '10001'],
    ];
    for (const [change, ...facts] of cases)
      await assert.rejects(
        read(({ weightsManifest: [group] }) => change(group!)),
        refused('evil.json', ...facts),
        String(change),
      );
    await assert.rejects(
      read(() => undefined, new Uint8Array(files['weights.bin'].length + 4)),
      refused('evil.json'),
    );
    let nested: unknown = 1;
    for (let level = 0; level < 100; level++) nested = [nested];
    await assert.rejects(
      read(({ modelTopology }) => (modelTopology.config.layers[0]!.config['deep'] = nested)),
      refused('evil.json', '64'),
    );
  });

  it('are refused: layers that are no chain, and more layers than a model has', () => {
    const layer = (name: string, reads?: string) => ({
      class_name: 'Dense',
      name,
      config: { name },
      inbound_nodes: reads === undefined ? [] : [[[reads, 0, 0, {}]]],
    });
    const model = (layers: readonly object[], input = 'a', output = 'c') => ({
      class_name: 'Functional',
      config: { layers, input_layers: [[input, 0, 0]], output_layers: [[output, 0, 0]] },
    });
    const chain = [layer('c', 'b'), layer('a'), layer('b', 'a')];
    const names = (value: unknown) => layersInOrder(value, 'm').map(({ name }) => name);
    assert.deepEqual(names(model(chain)), ['a', 'b', 'c']);
    assert.throws(() => names(model([layer('a', 'c'), layer('b', 'a'), layer('c', 'b')])), refused('m'));
    assert.throws(() => names(model([...chain, layer('d', 'a')])), refused('m', 'd'));
    assert.throws(() => names(model([layer('a'), layer('c', 'b')])), refused('m', 'b'));
    const two = {
      ...layer('c', 'b'),
      inbound_nodes: [
        [
          ['a', 0, 0],
          ['b', 0, 0],
        ],
      ],
    };
    assert.throws(() => names(model([layer('a'), layer('b', 'a'), two])), refused('m', 'c'));
    const state = { ...layer('c', 'b'), inbound_nodes: [[['b', 0, 1, {}]]] };
    assert.throws(() => names(model([layer('a'), layer('b', 'a'), state])), refused('m', 'c'));
    const many = Array.from({ length: 1001 }, (_, at) => layer(String(at)));
    assert.throws(() => names({ class_name: 'Sequential', config: { layers: many } }), refused('m', '1000'));
    // As Keras 3 writes it.
    const reads = (name: string) => ({
      args: [{ class_name: '__keras_tensor__', config: { shape: [null], keras_history: [name, 0, 0] } }],
      kwargs: { training: false },
    });
    const keras3 = model([layer('a'), { ...layer('b'), inbound_nodes: [reads('a')] }], 'a', 'b');
    const places = { ...keras3, config: { ...keras3.config, input_layers: ['a', 0, 0], output_layers: ['b', 0, 0] } };
    assert.deepEqual(names(places), ['a', 'b']);
    assert.throws(() => recognizeLayers([], 'm'), refused('m'));
  });

  it(`are read or refused with a sentence, in ${INPUTS} mutations`, async function () {
    this.timeout(300_000);
    const { findings } = await fuzz(importTargets(), { seed: 1, goOn: (read) => read < INPUTS });
    assert.deepEqual(
      findings.map(({ target, problem }) => `${target}: ${problem}`),
      [],
    );
  });

  it('are written as safetensors with a header that ends at a multiple of 8', () => {
    const bytes = writeSafetensors(STATE_DICT);
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    assert.equal(header % 8, 0);
    assert.deepEqual(readSafetensors(bytes, 'm').tensors, STATE_DICT);
  });
});
