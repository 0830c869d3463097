import type { NamedTensor } from '../../models/weights.ts';

/** An output of a layer. */
export interface LayerOutput {
  readonly layer: string;
  /** Number of the output, of a layer with several. */
  readonly output: number;
}

interface Layer {
  readonly className: string;
  readonly name: string;
  /** Options by the names of Keras. */
  readonly config: object;
  readonly from: readonly LayerOutput[];
  /** Under the names that TensorFlow.js gives them. */
  readonly weights?: readonly NamedTensor[];
}

/** Most bytes of a file of weights, as TensorFlow.js writes them: browsers cache such files. */
const SHARD_BYTES = 4 << 20;

/** Builds a LayersModel of TensorFlow.js, layer by layer. */
export class LayersModelBuilder {
  readonly #layers: object[] = [];
  readonly #inputs: LayerOutput[] = [];
  readonly #outputs: LayerOutput[] = [];
  readonly #weights: NamedTensor[] = [];

  /** The weights in the order of their files. */
  get weights(): readonly NamedTensor[] {
    return this.#weights;
  }

  /** @param shape null for a dimension of any size */
  input(name: string, type: 'float32' | 'int32', shape: readonly (number | null)[]): LayerOutput {
    const config = { batch_input_shape: shape, dtype: type, sparse: false };
    const [input] = this.layer({ className: 'InputLayer', name, config, from: [] }, 1);
    this.#inputs.push(input!);
    return input!;
  }

  /** @param outputs number of outputs */
  layer({ className, name, config, from, weights = [] }: Layer, outputs = 1): LayerOutput[] {
    this.#layers.push({
      class_name: className,
      name,
      config: { name, trainable: true, ...config },
      inbound_nodes: from.length === 0 ? [] : [from.map(({ layer, output }) => [layer, 0, output, {}])],
    });
    this.#weights.push(...weights);
    return Array.from({ length: outputs }, (_, output) => ({ layer: name, output }));
  }

  output(...outputs: readonly LayerOutput[]): void {
    this.#outputs.push(...outputs);
  }

  /** The file with the layers. @param files the files with the weights */
  json(name: string, files: readonly string[]): Uint8Array<ArrayBuffer> {
    const places = (list: readonly LayerOutput[]) => list.map(({ layer, output }) => [layer, 0, output]);
    const model = {
      format: 'layers-model',
      generatedBy: 'Sequence Lab',
      convertedBy: null,
      modelTopology: {
        class_name: 'Model',
        config: {
          name,
          layers: this.#layers,
          input_layers: places(this.#inputs),
          output_layers: places(this.#outputs),
        },
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js',
      },
      weightsManifest: [
        { paths: files, weights: this.#weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
      ],
    };
    return new TextEncoder().encode(JSON.stringify(model));
  }
}

/** The values of weights one after another, in files of bounded size. @param name of the first part of their names */
export function weightFiles(
  name: string,
  weights: readonly NamedTensor[],
  shardBytes = SHARD_BYTES,
): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
  const bytes = new Uint8Array(weights.reduce((sum, { values }) => sum + values.byteLength, 0));
  let at = 0;
  for (const { values } of weights) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  if (count === 1) return { [`${name}.bin`]: bytes };
  return Object.fromEntries(
    Array.from({ length: count }, (_, shard) => [
      `${name}-${shard + 1}of${count}.bin`,
      bytes.slice(shard * shardBytes, (shard + 1) * shardBytes),
    ]),
  );
}
