import { type Field, fieldsOf, floatOf, intsOf, textOfField } from '../../format/protobufReader.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';

/**
 * The parts of a file of ONNX that the import reads, with the numbers of their fields in
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Nested graphs are noticed, not read.
 */

export interface ReadModel {
  /** Version of the standard operators. */
  readonly opset: number;
  readonly nodes: readonly ReadNode[];
  readonly initializers: ReadonlyMap<string, TensorMessage>;
  /** Inputs that have no initializer. */
  readonly inputs: readonly ReadValue[];
  readonly outputs: readonly string[];
}

export interface ReadNode {
  /** Its name, or that of its first output. */
  readonly name: string;
  readonly operator: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, ReadAttribute>;
}

interface ReadAttribute {
  readonly int: number | undefined;
  readonly float: number | undefined;
  readonly text: string | undefined;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly texts: readonly string[];
  readonly tensor: TensorMessage | undefined;
}

export interface ReadValue {
  readonly name: string;
  /** Sizes that are known, or undefined; undefined for a value without a shape. */
  readonly dims: readonly (number | undefined)[] | undefined;
}

/** A tensor as it is in the file. */
export interface TensorMessage {
  readonly name: string;
  readonly dims: readonly number[];
  /** Number of its type of elements. */
  readonly type: number;
  /** Values as bytes, little-endian. */
  readonly raw: Uint8Array | undefined;
  /** Values as fields of numbers, by the number of the field. */
  readonly fields: ReadonlyMap<number, readonly Field[]>;
  /** Where the values are, if they are in another file. */
  readonly external: ReadonlyMap<string, string> | undefined;
}

const MOST_NODES = 100_000;
const MOST_NAMES = 1_000_000;
/** Dimensions of a tensor. */
const MOST_DIMS = 16;
/** Value of `data_location` for values in another file. */
const EXTERNAL = 1;

/**
 * Reads the messages of a file.
 * @param name name of the file, for errors
 * @throws UnusableError for bytes that are no model of ONNX, and for more nodes and names than any model has
 */
export function readOnnxModel(bytes: Uint8Array, name: string): ReadModel {
  try {
    return modelOf(bytes, name);
  } catch (error) {
    if (error instanceof UnusableError) throw error;
    throw new UnusableError(phrase('"{0}" is not a whole file of ONNX.', name), { cause: error });
  }
}

function modelOf(bytes: Uint8Array, name: string): ReadModel {
  let graph: Uint8Array | undefined;
  let opset = 0;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 7) graph = field.bytes;
    if (field.number !== 8) continue;
    const parts = partsOf(field.bytes);
    if (isStandard(textIn(parts, 1))) opset = intIn(parts, 2);
  }
  if (!graph) throw new RangeError('A model has no graph.');
  return { opset, ...graphOf(graph, name) };
}

function graphOf(bytes: Uint8Array, name: string): Omit<ReadModel, 'opset'> {
  const nodes: ReadNode[] = [];
  const initializers = new Map<string, TensorMessage>();
  const inputs: ReadValue[] = [];
  const outputs: string[] = [];
  let names = 0;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) {
      const node = nodeOf(field.bytes);
      names += node.inputs.length + node.outputs.length;
      if (nodes.length === MOST_NODES || names > MOST_NAMES)
        throw new UnusableError(phrase('"{0}" has more than {1} nodes.', name, MOST_NODES));
      nodes.push(node);
    } else if (field.number === 5) {
      const tensor = tensorOf(field.bytes);
      initializers.set(tensor.name, tensor);
    } else if (field.number === 11) inputs.push(valueOf(field.bytes));
    else if (field.number === 12) outputs.push(valueOf(field.bytes).name);
    else if (field.number === 15) throw new UnusableError(phrase('"{0}" has sparse weights. Save them dense.', name));
  }
  return { nodes, initializers, inputs: inputs.filter((input) => !initializers.has(input.name)), outputs };
}

function nodeOf(bytes: Uint8Array): ReadNode {
  const parts = partsOf(bytes);
  const outputs = textsIn(parts, 2);
  const domain = textIn(parts, 7);
  return {
    name: textIn(parts, 3) || (outputs[0] ?? ''),
    operator: textIn(parts, 4),
    domain: isStandard(domain) ? '' : domain,
    inputs: textsIn(parts, 1),
    outputs,
    attributes: new Map((parts.get(5) ?? []).map((field) => attributeOf(field.bytes))),
  };
}

function attributeOf(bytes: Uint8Array): [name: string, attribute: ReadAttribute] {
  const parts = partsOf(bytes);
  const [float] = parts.get(2) ?? [];
  const [tensor] = parts.get(5) ?? [];
  const attribute = {
    int: parts.get(3)?.[0]?.int,
    float: float && floatOf(float),
    text: parts.get(4)?.map(textOfField)[0],
    ints: (parts.get(8) ?? []).flatMap(intsOf),
    floats: (parts.get(7) ?? []).flatMap(floatsOf),
    texts: textsIn(parts, 9),
    tensor: tensor && tensorOf(tensor.bytes),
  };
  return [textIn(parts, 1), attribute];
}

/** Floats of a repeated field, which may be packed or one by one. */
function floatsOf({ bytes }: Field): number[] {
  if (bytes.length % 4 !== 0) throw new RangeError('A list of floats ends within one.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
}

function tensorOf(bytes: Uint8Array): TensorMessage {
  const parts = partsOf(bytes);
  const dims = (parts.get(1) ?? []).flatMap(intsOf);
  if (dims.length > MOST_DIMS) throw new RangeError(`A tensor has ${dims.length} dimensions.`);
  const isExternal = intIn(parts, 14) === EXTERNAL;
  const entries = (parts.get(13) ?? []).map(({ bytes: entry }): [string, string] => {
    const pair = partsOf(entry);
    return [textIn(pair, 1), textIn(pair, 2)];
  });
  return {
    name: textIn(parts, 8),
    dims,
    type: intIn(parts, 2),
    raw: parts.get(9)?.[0]?.bytes,
    fields: parts,
    external: isExternal ? new Map(entries) : undefined,
  };
}

function valueOf(bytes: Uint8Array): ReadValue {
  const parts = partsOf(bytes);
  const tensor = messageIn(messageIn(parts, 2), 1);
  const shape = tensor.has(2) ? messageIn(tensor, 2) : undefined;
  const dims = shape && (shape.get(1) ?? []).map((dim) => partsOf(dim.bytes).get(1)?.[0]?.int);
  if (dims && dims.length > MOST_DIMS) throw new RangeError(`A value has ${dims.length} dimensions.`);
  return { name: textIn(parts, 1), dims: dims?.map((size) => (size !== undefined && size > 0 ? size : undefined)) };
}

type Parts = ReadonlyMap<number, readonly Field[]>;

/** The fields of a message by their numbers. */
function partsOf(bytes: Uint8Array): Parts {
  const parts = new Map<number, Field[]>();
  for (const field of fieldsOf(bytes)) {
    const known = parts.get(field.number);
    if (known) known.push(field);
    else parts.set(field.number, [field]);
  }
  return parts;
}

function messageIn(parts: Parts, number: number): Parts {
  return partsOf(parts.get(number)?.[0]?.bytes ?? new Uint8Array());
}

function textIn(parts: Parts, number: number): string {
  return textsIn(parts, number)[0] ?? '';
}

function textsIn(parts: Parts, number: number): string[] {
  return (parts.get(number) ?? []).map(textOfField);
}

function intIn(parts: Parts, number: number): number {
  return parts.get(number)?.[0]?.int ?? 0;
}

function isStandard(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}
