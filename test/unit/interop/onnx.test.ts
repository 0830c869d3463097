import assert from 'node:assert/strict';
import { IMPORTED_KINDS, type ImportedKind } from '../../../src/config/recognitionChoices.ts';
import { joinBytes } from '../../../src/format/bytes.ts';
import { bytes, int, message, text } from '../../../src/format/protobuf.ts';
import { fieldsOf, intsOf } from '../../../src/format/protobufReader.ts';
import { importFormatOf } from '../../../src/interop/importFormats.ts';
import { GraphBuilder } from '../../../src/interop/onnx/graphBuilder.ts';
import type { OnnxAttribute } from '../../../src/interop/onnx/messages.ts';
import { onnxFiles } from '../../../src/interop/onnx/onnxFiles.ts';
import { onnxFormat } from '../../../src/interop/onnx/onnxFormat.ts';
import type { Recognized } from '../../../src/interop/recognized.ts';
import { recognizeTorch } from '../../../src/interop/torch/recognize.ts';
import { STATE_DICT } from '../../fuzz/importTargets.ts';
import { errorWith } from '../../harness/facts.ts';

const NAME = 'evil.onnx';
const [SIZE, WIDTH, UNITS] = [3, 2, 2];
const refused = (...facts: readonly string[]) => errorWith({ name: 'UnusableError' }, ...facts);

async function recognized(
  content: Uint8Array,
  files: Readonly<Record<string, Uint8Array>> = {},
  kind?: ImportedKind,
): Promise<Recognized> {
  const neighbor = async (name: string) => Promise.resolve(files[name]);
  return onnxFormat.recognize({ name: NAME, bytes: content, neighbor }, { kind });
}

interface Parts {
  /** Float vectors as inputs; otherwise ids, which an embedding reads. */
  readonly reads?: 'vectors';
  /** Numbers of the output layer. */
  readonly outputs?: number;
  readonly operator?: 'LSTM' | 'GRU' | 'RNN';
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Inputs of the recurrent node after its bias. */
  readonly more?: (graph: GraphBuilder) => readonly string[];
  /** Nodes between the hidden states `[time, 1, batch, units]` and the output layer. */
  readonly between?: (graph: GraphBuilder, h: string) => string;
  /** Nodes after the output layer. */
  readonly after?: (graph: GraphBuilder, outputs: string) => string;
}

/** A small language model of ids, in which parts can be replaced. */
function graphOf({
  reads,
  outputs: size = SIZE,
  operator = 'LSTM',
  attributes = {},
  more,
  between,
  after,
}: Parts = {}): Uint8Array {
  const graph = new GraphBuilder();
  const gates = { LSTM: 4, GRU: 3, RNN: 1 }[operator];
  const weight = (name: string, ...dims: number[]) =>
    graph.weight(
      name,
      dims,
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => Math.sin(at)),
    );
  const vectors = () => graph.input('vectors', 'float32', ['batch', 'time', WIDTH]);
  const embedded = () =>
    graph.node('Gather', [weight('table', SIZE, WIDTH), graph.input('ids', 'int64', ['batch', 'time'])]);
  const x = graph.node('Transpose', [reads === 'vectors' ? vectors() : embedded()], { perm: [1, 0, 2] });
  const weights = [
    weight('W', 1, gates * UNITS, WIDTH),
    weight('R', 1, gates * UNITS, UNITS),
    weight('B', 1, 2 * gates * UNITS),
  ];
  const [h = ''] = graph.nodeWith(
    operator,
    [x, ...weights, ...(more?.(graph) ?? [])],
    { hidden_size: UNITS, ...attributes },
    1,
  );
  const read = between ? between(graph, h) : graph.node('Squeeze', [h, graph.integers(1)]);
  const outputs = graph.node('Add', [graph.node('MatMul', [read, weight('dense', UNITS, size)]), weight('bias', size)]);
  graph.output('logits', after ? after(graph, outputs) : outputs, ['time', 'batch', size]);
  return graph.encode('graph');
}

describe('models of ONNX', () => {
  it('are recognized by their content, and by the structure of their graph', async () => {
    const content = graphOf();
    assert.equal(importFormatOf({ bytes: content, name: 'model.bin' }), onnxFormat);
    const { shape, tensors, found } = await recognized(content);
    assert.deepEqual(
      [shape.network, shape.cell, shape.layers, shape.inputs, shape.embedding],
      ['every-step', 'lstm', 1, SIZE, WIDTH],
    );
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ['embedding/embeddings', 'lstm_1/kernel', 'lstm_1/recurrent_kernel', 'lstm_1/bias', 'dense/kernel', 'dense/bias'],
    );
    assert.ok(found.length >= 4);
  });

  it('have the kinds that vectors may have, of which only the user can tell one', async () => {
    const softmax: Parts['after'] = (graph, y) => graph.node('Softmax', [y]);
    const last: Parts['between'] = (graph, h) =>
      graph.node('Squeeze', [graph.node('Gather', [h, graph.integers(-1)]), graph.integers(0, 1)]);
    const cases: readonly (readonly [Parts, ImportedKind | undefined, readonly ImportedKind[]])[] = [
      [{}, undefined, ['tagger']],
      [{ outputs: WIDTH }, undefined, ['language-model', 'tagger']],
      [{ after: softmax }, undefined, ['tagger']],
      [{ outputs: 1 }, undefined, []],
      [{ between: last }, 'forecaster', ['forecaster', 'classifier']],
      [{ between: last, outputs: WIDTH }, 'forecaster', ['forecaster', 'language-model', 'classifier']],
      [{ between: last, after: softmax }, undefined, ['classifier']],
    ];
    for (const [parts, kind, kinds] of cases) {
      const content = graphOf({ reads: 'vectors', ...parts });
      const own = await recognized(content);
      assert.deepEqual([own.kind, own.kinds], [kind, kinds]);
      for (const each of kinds) {
        const chosen = await recognized(content, {}, each);
        assert.deepEqual([chosen.kind, chosen.kinds], [each, [each]]);
        assert.equal(chosen.shape.inputKind, each === 'forecaster' ? 'vectors' : 'ids');
      }
      for (const other of IMPORTED_KINDS)
        if (!kinds.includes(other)) await assert.rejects(recognized(content, {}, other), refused(NAME));
    }
  });

  it('are those that the export writes, without config.json', async () => {
    const model = recognizeTorch(STATE_DICT, 'm');
    const [content] = Object.values(onnxFiles(model));
    assert.ok(content);
    const again = await recognized(content);
    assert.deepEqual(again.shape, model.shape);
    const byName = new Map(again.tensors.map((tensor) => [tensor.name, tensor]));
    for (const tensor of model.tensors) assert.deepEqual(byName.get(tensor.name), tensor);
  });

  it('are refused by the name of the node: what our cells do not compute', async () => {
    const zeros = (graph: GraphBuilder, name: string, value: number) =>
      graph.weight(name, [1, 1, UNITS], new Float32Array(UNITS).fill(value));
    const peepholes = (value: number) => (graph: GraphBuilder) => [
      '',
      '',
      '',
      graph.weight('P', [1, 3 * UNITS], new Float32Array(3 * UNITS).fill(value)),
    ];
    const cases: readonly (readonly [Parts, string])[] = [
      [{ attributes: { clip: { floats: [3] } } }, 'clip'],
      [{ attributes: { input_forget: 1 } }, 'input_forget'],
      [{ more: peepholes(1) }, 'LSTM'],
      [{ attributes: { activations: ['HardSigmoid', 'Tanh', 'Tanh'] } }, 'hardsigmoid'],
      [{ operator: 'RNN', attributes: { activations: ['Sigmoid'] } }, 'sigmoid'],
      [{ attributes: { direction: 'sideways' } }, 'LSTM'],
      [{ attributes: { direction: 'reverse' } }, 'LSTM'],
      [{ attributes: { hidden_size: 5 } }, 'LSTM'],
      [{ more: (graph) => ['', zeros(graph, 'h0', 1)] }, 'LSTM'],
      [{ more: (graph) => [graph.integers(3)] }, 'sequence_lens'],
      [{ between: (graph, h) => graph.node('Relu', [h]) }, 'Relu'],
      [{ between: (graph, h) => graph.node('Cast', [h], { to: 7 }) }, 'Cast'],
      [{ after: (graph, y) => graph.node('Softmax', [y], { axis: 0 }) }, 'Softmax'],
      [
        { after: (graph, y) => graph.node('MatMul', [y, graph.weight('more', [SIZE, SIZE], new Float32Array(9))]) },
        'MatMul',
      ],
      [{ after: (graph, y) => graph.node('Sigmoid', [y]) }, 'logits'],
    ];
    for (const [parts, fact] of cases) await assert.rejects(recognized(graphOf(parts)), refused(NAME, fact), fact);
    const same: readonly Parts[] = [
      { attributes: { activations: ['sigmoid', 'tanh', 'tanh'], input_forget: 0 } },
      { more: peepholes(0) },
      { more: (graph) => ['', zeros(graph, 'h0', 0), zeros(graph, 'c0', 0)] },
      { operator: 'GRU', attributes: { linear_before_reset: 1 } },
      { operator: 'RNN' },
    ];
    for (const parts of same) assert.equal((await recognized(graphOf(parts))).shape.units, UNITS);
  });

  it('are refused: cycles, values that nothing computes, two nodes for one value, and nested graphs', async () => {
    const graph = (...nodes: readonly Uint8Array[]) =>
      joinBytes([message(7, ...nodes, message(12, text(1, 'y'))), message(8, int(2, 17))]);
    const node = (operator: string, inputs: readonly string[], output: string) =>
      message(
        1,
        ...inputs.map((input) => text(1, input)),
        text(2, output),
        text(3, `node of ${output}`),
        text(4, operator),
      );
    await assert.rejects(
      recognized(graph(node('Identity', ['x'], 'y'), node('Identity', ['y'], 'x'))),
      refused(NAME, 'node of'),
    );
    await assert.rejects(recognized(graph(node('Identity', ['x'], 'y'))), refused(NAME, 'node of y', 'x'));
    await assert.rejects(recognized(graph()), refused(NAME, 'y'));
    await assert.rejects(recognized(graph(node('Constant', [], 'y'), node('Constant', [], 'y'))), refused(NAME, 'y'));
    await assert.rejects(recognized(graph(node('Loop', [], 'y'))), refused(NAME, 'node of y', 'Loop'));
    const deep = Array.from({ length: 50_000 }, (_, at) =>
      node('Identity', [`v${at}`], at === 49_999 ? 'y' : `v${at + 1}`),
    );
    await assert.rejects(recognized(graph(...deep)), refused(NAME, 'v0'));
    await assert.rejects(recognized(Uint8Array.of(8, 9, 0x12, 200)), refused(NAME));
  });

  it('are refused: tensors whose shape, type or place does not fit their values', async () => {
    const tensor = (...fields: readonly Uint8Array[]) =>
      joinBytes([
        message(
          7,
          message(1, text(1, 't'), text(2, 'y'), text(4, 'Identity')),
          message(5, text(8, 't'), ...fields),
          message(12, text(1, 'y')),
        ),
        message(8, int(2, 17)),
      ]);
    const external = (entries: Readonly<Record<string, string>>) =>
      tensor(
        int(1, 2),
        int(2, 1),
        int(14, 1),
        ...Object.entries(entries).map(([key, value]) => message(13, text(1, key), text(2, value))),
      );
    const huge = 2 ** 52;
    const cases: readonly (readonly [Uint8Array, string])[] = [
      [tensor(int(1, huge), int(1, huge), int(2, 1), bytes(9, new Uint8Array(4))), 't'],
      [tensor(int(1, 1000), int(2, 1), bytes(9, new Uint8Array(4))), '4000'],
      [tensor(int(1, 1), int(2, 8)), '8'],
      [tensor(int(1, 3), int(2, 7), bytes(7, Uint8Array.of(1, 2))), '2'],
      [external({ location: '../weights' }), '../weights'],
      [external({ location: '/etc/passwd' }), '/etc/passwd'],
      [external({ location: 'c:\\weights' }), 'c:\\weights'],
      [external({ location: '..' }), '..'],
      [external({}), 'evil'],
      [external({ location: 'missing' }), 'missing'],
      [external({ location: 'w', offset: '8', length: '8' }), 'w'],
      [external({ location: 'w', offset: '-8', length: '8' }), 'w'],
      [external({ location: 'w', offset: '4', length: '4' }), '8'],
    ];
    for (const [content, fact] of cases)
      await assert.rejects(recognized(content, { w: new Uint8Array(12) }), refused(NAME, fact), fact);
  });

  it('are refused: constants that grow far beyond the file', async () => {
    const graph = new GraphBuilder();
    let value = graph.weight(
      'start',
      [1000],
      new Float32Array(1000).map((_, at) => at),
    );
    for (let round = 0; round < 20; round++) value = graph.node('Concat', [value, value], { axis: 0 });
    graph.output('y', value, []);
    await assert.rejects(recognized(graph.encode('bomb')), refused(NAME));
  });
});

describe('messages of Protocol Buffers', () => {
  it('are read as they are written', () => {
    for (const value of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32, 2 ** 35 + 7, 2 ** 52 + 1]) {
      const [field] = fieldsOf(int(5, value));
      assert.deepEqual(field && [field.number, ...intsOf(field)], [5, value]);
    }
    const negative = Uint8Array.of(8, ...new Array<number>(9).fill(255), 1);
    assert.deepEqual([...fieldsOf(negative)].flatMap(intsOf), [-1]);
    assert.deepEqual([...fieldsOf(bytes(7, new Uint8Array()))].flatMap(intsOf), []);
  });

  it('are refused if they end within a field', () => {
    for (const content of [[8], [10, 5, 1], [13, 1], [8, ...new Array<number>(11).fill(128)], [3], [0, 0]])
      assert.throws(() => [...fieldsOf(Uint8Array.from(content))], RangeError);
  });
});
