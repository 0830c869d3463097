import { joinBytes } from '../../format/bytes.ts';
import { bytes, float, int, message, text } from '../../format/protobuf.ts';

/**
 * The messages of ONNX that an export needs, with the numbers of their fields in
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly graph: OnnxGraph;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
}

interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** An integer from 0, a list of integers, a text, or a list of texts; floats are lists under the name `floats`. */
export type OnnxAttribute =
  number | readonly number[] | string | readonly string[] | { readonly floats: readonly number[] };

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: keyof typeof ELEMENT_TYPES;
  /** Sizes, or names of sizes that are known when the model runs. */
  readonly dims: readonly (number | string)[];
}

const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7 } as const;
/** Numbers of the types of attributes. */
const [INT, STRING, FLOATS, INTS, STRINGS] = [2, 3, 6, 7, 8] as const;

/** Encodes a model. */
export function encodeModel({ irVersion, producerName, graph, opsets }: OnnxModel): Uint8Array<ArrayBuffer> {
  return joinBytes([
    int(1, irVersion),
    text(2, producerName),
    message(7, ...graphFields(graph)),
    ...opsets.map(({ domain, version }) => message(8, text(1, domain), int(2, version))),
  ]);
}

function graphFields({ name, nodes, initializers, inputs, outputs }: OnnxGraph): Uint8Array[] {
  return [
    ...nodes.map((node) => message(1, ...nodeFields(node))),
    text(2, name),
    ...initializers.map((tensor) => message(5, ...tensorFields(tensor))),
    ...inputs.map((value) => message(11, ...valueFields(value))),
    ...outputs.map((value) => message(12, ...valueFields(value))),
  ];
}

function nodeFields({ opType, name, inputs, outputs, attributes }: OnnxNode): Uint8Array[] {
  return [
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(3, name),
    text(4, opType),
    ...Object.entries(attributes).map(([key, value]) => message(5, text(1, key), ...valueOf(value))),
  ];
}

/** The value of an attribute, and its type. */
function valueOf(value: OnnxAttribute): Uint8Array[] {
  if (typeof value === 'number') return [int(3, value), int(20, INT)];
  if (typeof value === 'string') return [text(4, value), int(20, STRING)];
  if ('floats' in value) return [...value.floats.map((each) => float(7, each)), int(20, FLOATS)];
  const items = value.map((each) => (typeof each === 'number' ? int(8, each) : text(9, each)));
  return [...items, int(20, typeof value[0] === 'string' ? STRINGS : INTS)];
}

function tensorFields({ name, dims, values }: OnnxTensor): Uint8Array[] {
  return [
    ...dims.map((size) => int(1, size)),
    int(2, values instanceof Float32Array ? ELEMENT_TYPES.float32 : ELEMENT_TYPES.int64),
    text(8, name),
    bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ];
}

function valueFields({ name, type, dims }: OnnxValue): Uint8Array[] {
  const shape = dims.map((size) => message(1, typeof size === 'number' ? int(1, size) : text(2, size)));
  return [text(1, name), message(2, message(1, int(1, ELEMENT_TYPES[type]), message(2, ...shape)))];
}
