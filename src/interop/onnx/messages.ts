import protobuf from 'protobufjs/minimal.js';

/**
 * The messages of ONNX that an export needs, with the numbers of their fields in
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
export interface OnnxModel {
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

/** An integer, a list of integers, a text, or a list of texts; floats are lists with a name of their own. */
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
/** Wire types of protocol buffers. */
const [VARINT, BYTES, FLOAT] = [0, 2, 5] as const;

type Writer = protobuf.Writer;

const tag = (field: number, wireType: number) => (field << 3) | wireType;

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, BYTES)).string(value);
}

function integer(writer: Writer, field: number, value: number): void {
  writer.uint32(tag(field, VARINT)).int64(value);
}

function message(writer: Writer, field: number, write: (writer: Writer) => void): void {
  write(writer.uint32(tag(field, BYTES)).fork());
  writer.ldelim();
}

/** Encodes a model. */
export function encodeModel({ irVersion, producerName, graph, opsets }: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = protobuf.Writer.create();
  integer(writer, 1, irVersion);
  text(writer, 2, producerName);
  message(writer, 7, (inner) => writeGraph(inner, graph));
  for (const { domain, version } of opsets)
    message(writer, 8, (inner) => {
      text(inner, 1, domain);
      integer(inner, 2, version);
    });
  return new Uint8Array(writer.finish());
}

function writeGraph(writer: Writer, { name, nodes, initializers, inputs, outputs }: OnnxGraph): void {
  for (const node of nodes) message(writer, 1, (inner) => writeNode(inner, node));
  text(writer, 2, name);
  for (const tensor of initializers) message(writer, 5, (inner) => writeTensor(inner, tensor));
  for (const value of inputs) message(writer, 11, (inner) => writeValue(inner, value));
  for (const value of outputs) message(writer, 12, (inner) => writeValue(inner, value));
}

function writeNode(writer: Writer, { opType, name, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, name);
  text(writer, 4, opType);
  for (const [key, value] of Object.entries(attributes))
    message(writer, 5, (inner) => writeAttribute(inner, key, value));
}

function writeAttribute(writer: Writer, name: string, value: OnnxAttribute): void {
  text(writer, 1, name);
  if (typeof value === 'number') {
    integer(writer, 3, value);
    integer(writer, 20, INT);
  } else if (typeof value === 'string') {
    text(writer, 4, value);
    integer(writer, 20, STRING);
  } else if ('floats' in value) {
    for (const each of value.floats) writer.uint32(tag(7, FLOAT)).float(each);
    integer(writer, 20, FLOATS);
  } else {
    for (const each of value) {
      if (typeof each === 'number') integer(writer, 8, each);
      else text(writer, 9, each);
    }
    integer(writer, 20, typeof value[0] === 'string' ? STRINGS : INTS);
  }
}

function writeTensor(writer: Writer, { name, dims, values }: OnnxTensor): void {
  for (const size of dims) integer(writer, 1, size);
  integer(writer, 2, values instanceof Float32Array ? ELEMENT_TYPES.float32 : ELEMENT_TYPES.int64);
  text(writer, 8, name);
  writer.uint32(tag(9, BYTES)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue(writer: Writer, { name, type, dims }: OnnxValue): void {
  text(writer, 1, name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensorType) => {
      integer(tensorType, 1, ELEMENT_TYPES[type]);
      message(tensorType, 2, (shape) => {
        for (const size of dims)
          message(shape, 1, (dim) => {
            if (typeof size === 'number') integer(dim, 1, size);
            else text(dim, 2, size);
          });
      });
    }),
  );
}
