import { joinBytes, utf8 } from '../../format/bytes.ts';

/** An array for NumPy: its shape and its values in row-major order. Texts have as many code points as the longest. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Float64Array | Float32Array | Int32Array | readonly string[];
}

const MAGIC = Uint8Array.of(0x93, ...utf8('NUMPY'), 1, 0);
/** Length of the preamble in front of the header: magic, version and the length of the header. */
const PREAMBLE = MAGIC.length + 2;
/** The data of an array begins at a multiple of this. */
const ALIGNMENT = 64;

/**
 * An array in the format `.npy`, version 1.0, little-endian
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * @throws RangeError if the values do not fill the shape
 */
export function npyBytes({ shape, values }: NumpyArray): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== values.length) throw new RangeError(`${values.length} values do not fill the shape [${shape.join()}].`);
  const { type, data } = isText(values) ? textData(values) : numberData(values);
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${sizes}, }`;
  const length = Math.ceil((PREAMBLE + header.length + 1) / ALIGNMENT) * ALIGNMENT - PREAMBLE;
  const preamble = Uint8Array.of(length & 0xff, length >> 8);
  return joinBytes([MAGIC, preamble, utf8(`${header.padEnd(length - 1)}\n`), data]);
}

function isText(values: NumpyArray['values']): values is readonly string[] {
  return Array.isArray(values);
}

interface TypedData {
  readonly type: string;
  readonly data: Uint8Array;
}

function numberData(values: Float64Array | Float32Array | Int32Array): TypedData {
  const data = new Uint8Array(values.length * values.BYTES_PER_ELEMENT);
  const view = new DataView(data.buffer);
  if (values instanceof Float64Array) values.forEach((value, i) => view.setFloat64(8 * i, value, true));
  else if (values instanceof Float32Array) values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  else values.forEach((value, i) => view.setInt32(4 * i, value, true));
  const type = values instanceof Int32Array ? '<i4' : `<f${values.BYTES_PER_ELEMENT}`;
  return { type, data };
}

/** Halves of surrogate pairs, which no encoding of Unicode has. */
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Texts as UTF-32, each padded with zeros. */
function textData(texts: readonly string[]): TypedData {
  const points = texts.map((text) =>
    Array.from(text.replaceAll(LONE_SURROGATES, '\ufffd'), (character) => character.codePointAt(0) ?? 0),
  );
  const width = Math.max(1, ...points.map(({ length }) => length));
  const data = new Uint8Array(4 * width * texts.length);
  const view = new DataView(data.buffer);
  points.forEach((text, row) => text.forEach((point, i) => view.setUint32(4 * (row * width + i), point, true)));
  return { type: `<U${width}`, data };
}
