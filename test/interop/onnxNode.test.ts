import assert from 'node:assert/strict';
import { ensureOnnxNode, type Ort, type OrtTensor } from '../../scripts/lib/onnxNode.ts';
import { referenceBackend } from '../../src/backends/reference.ts';
import { portableFormats } from '../../src/interop/formats.ts';
import { type PortableNetwork, portableModel } from '../../src/worker/portable/portableNetwork.ts';
import { randomNetworks } from '../fixtures/randomNetworks.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';

/** Nested lists of numbers. */
type Nested = number | readonly Nested[];
type Inputs = Readonly<Record<string, Nested>>;

describe('graphs that are exported', function () {
  this.timeout(300_000);
  let ort: Ort;
  before(async function () {
    ort = await prepareOrSkip(this, ensureOnnxNode);
    await referenceBackend.load({ home: '', tensorflowPath: '', threads: 1 });
  });

  /** The outputs of a graph by their names. Inputs that it does not have are left out; states are zeros. */
  const call = async (graph: Uint8Array, inputs: Inputs): Promise<Readonly<Record<string, OrtTensor>>> => {
    const session = await ort.InferenceSession.create(graph, { logSeverityLevel: 3 });
    const batch = dimsOf(Object.values(inputs)[0] ?? 0)[0] ?? 0;
    const feeds = session.inputMetadata.map(({ name, type, shape }): [string, OrtTensor] => {
      const given = inputs[name];
      const dims = given === undefined ? [1, batch, Number(shape[2])] : dimsOf(given);
      const values = given === undefined ? new Array<number>(batch * Number(shape[2])).fill(0) : valuesOf(given);
      const data =
        type === 'int64'
          ? BigInt64Array.from(values, BigInt)
          : type === 'int32'
            ? Int32Array.from(values)
            : Float32Array.from(values);
      return [name, new ort.Tensor(type, data, dims)];
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    await session.release();
    return outputs;
  };

  it('compute the same outputs in onnxruntime for Node.js, for all cells and kinds of networks', async () => {
    for (const { name, network } of randomNetworks()) {
      const outputs = await outputsOf(network, call);
      const wanted = valuesOf((await network.example()).outputs as Nested);
      assert.equal(outputs.length, wanted.length, name);
      const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      wanted.forEach((value, at) =>
        assert.ok(Math.abs(value - (outputs[at] ?? NaN)) <= 1e-5 * largest, `${name}: ${outputs[at]}, ${value}`),
      );
    }
  });

  it('go on from the states that they return', async () => {
    for (const { name, network } of randomNetworks()) {
      if (network.shape.network !== 'every-step' || network.shape.bidirectional) continue;
      const { 'model.onnx': graph = new Uint8Array() } = portableFormats.onnx.files(await portableModel(network));
      const { inputs, outputs } = await network.example();
      const ids = inputs as readonly (readonly number[])[];
      const wanted = outputs as readonly (readonly (readonly number[])[])[];
      let states: Inputs = {};
      for (let t = 0; t < (ids[0]?.length ?? 0); t++) {
        const step = await call(graph, { ids: ids.map((row) => [row[t] ?? 0]), ...states });
        const own = Array.from(step['outputs']?.data ?? [], Number);
        const expected = wanted.flatMap((rows) => rows[t] ?? []);
        const largest = Math.max(1, ...expected.map(Math.abs));
        expected.forEach((value, at) =>
          assert.ok(Math.abs(value - (own[at] ?? NaN)) <= 1e-5 * largest, `${name}, step ${t}`),
        );
        states = statesOf(step);
      }
    }
  });
});

async function outputsOf(
  network: PortableNetwork,
  call: (graph: Uint8Array, inputs: Inputs) => Promise<Readonly<Record<string, OrtTensor>>>,
): Promise<readonly number[]> {
  const files = portableFormats.onnx.files(await portableModel(network));
  const graph = (name: string) => files[`${name}.onnx`] ?? new Uint8Array();
  const {
    inputs,
    targets,
    labels = [],
  } = (await network.example()) as {
    readonly inputs?: Nested;
    readonly targets?: Nested;
    readonly labels?: readonly number[];
  };
  const [batch = 0, time = 0] = dimsOf(inputs ?? 0);
  const lengths = new Array<number>(batch).fill(time);
  if (network.shape.network === 'encoder-decoder') {
    const encoded = await call(graph('encoder'), { sources: inputs ?? 0, lengths });
    const memory = encoded['memory'] && { memory: listOf(encoded['memory']) };
    const decoded = await call(graph('decoder'), { targets: targets ?? 0, lengths, ...memory, ...statesOf(encoded) });
    return Array.from(decoded['outputs']?.data ?? [], Number);
  }
  const states = network.shape.network === 'conditioned' ? statesOf(await call(graph('initial'), { labels })) : {};
  const name = network.shape.inputKind === 'vectors' ? 'vectors' : 'ids';
  const { outputs } = await call(graph('model'), { [name]: inputs ?? 0, lengths, ...states });
  return Array.from(outputs?.data ?? [], Number);
}

/** The states that a graph returns, as inputs of the next call. */
function statesOf(outputs: Readonly<Record<string, OrtTensor>>): Inputs {
  const after = Object.entries(outputs).filter(([name]) => name.endsWith('_after'));
  return Object.fromEntries(after.map(([name, tensor]) => [name.slice(0, -'_after'.length), listOf(tensor)]));
}

function listOf({ data, dims }: OrtTensor): Nested {
  const build = (values: readonly number[], [, ...inner]: readonly number[]): Nested => {
    if (inner.length === 0) return values;
    const size = inner.reduce((product, length) => product * length, 1);
    return Array.from({ length: values.length / size }, (_, at) =>
      build(values.slice(at * size, (at + 1) * size), inner),
    );
  };
  return build(Array.from(data, Number), dims);
}

function dimsOf(value: Nested): number[] {
  return typeof value === 'number' ? [] : [value.length, ...dimsOf(value[0] ?? 0)];
}

function valuesOf(value: Nested): number[] {
  return typeof value === 'number' ? [value] : value.flatMap(valuesOf);
}
