import type { NamedTensor } from '../../models/weights.ts';
import { encodeModel, type OnnxAttribute, type OnnxNode, type OnnxTensor, type OnnxValue } from './messages.ts';

/** Version of the operators, which onnxruntime has had since 1.12. */
const OPSET = 17;
const IR_VERSION = 8;

/** Builds the graph of a model, node by node. Values are the names of tensors. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];

  /** Declares an input. @returns its name */
  input(name: string, type: OnnxValue['type'], dims: OnnxValue['dims']): string {
    this.#inputs.push({ name, type, dims });
    return name;
  }

  /** Declares that a value is an output under a name. */
  output(name: string, value: string, dims: OnnxValue['dims']): void {
    this.#nodes.push({ opType: 'Identity', name, inputs: [value], outputs: [name], attributes: {} });
    this.#outputs.push({ name, type: 'float32', dims });
  }

  /** A tensor of weights. @returns its name */
  weight(name: string, dims: readonly number[], values: Float32Array): string {
    this.#initializers.set(name, { name, dims, values });
    return name;
  }

  /** The weights of a model under their names. */
  tensor({ name, shape, values }: NamedTensor): string {
    return this.weight(name, shape, values);
  }

  /** A list of integers, such as axes or sizes. */
  integers(...values: readonly number[]): string {
    const name = `integers_${values.join('_')}`;
    this.#initializers.set(name, { name, dims: [values.length], values: BigInt64Array.from(values, BigInt) });
    return name;
  }

  /** One integer without dimensions. */
  integer(value: number): string {
    const name = `integer_${value}`;
    this.#initializers.set(name, { name, dims: [], values: BigInt64Array.of(BigInt(value)) });
    return name;
  }

  /** One number without dimensions. */
  number(name: string, value: number): string {
    return this.weight(name, [], Float32Array.of(value));
  }

  /** Adds a node. @returns the name of its first output */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    return this.nodeWith(opType, inputs, attributes, 1)[0]!;
  }

  /** Adds a node with several outputs. @returns their names */
  nodeWith(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>>,
    outputs: number,
  ): string[] {
    const name = `${opType}_${this.#nodes.length}`;
    const names = Array.from({ length: outputs }, (_, index) => (index === 0 ? name : `${name}_${index}`));
    this.#nodes.push({ opType, name, inputs, outputs: names, attributes });
    return names;
  }

  /** The encoded model. */
  encode(name: string): Uint8Array<ArrayBuffer> {
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: 'Sequence Lab',
      graph: {
        name,
        nodes: this.#nodes,
        initializers: [...this.#initializers.values()],
        inputs: this.#inputs,
        outputs: this.#outputs,
      },
      opsets: [{ domain: '', version: OPSET }],
    });
  }
}
