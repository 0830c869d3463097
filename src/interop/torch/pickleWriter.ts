import type { NamedTensor } from '../../models/weights.ts';

/** Codes of the operations that a `state_dict` needs; `pickle.ts` has them all. */
const [PROTO, MARK, STOP, TUPLE, REDUCE, PERSISTENT, SET_ITEMS, FALSE, EMPTY_TUPLE] = [
  0x80, 0x28, 0x2e, 0x74, 0x52, 0x51, 0x75, 0x89, 0x29,
] as const;
const [GLOBAL, UNICODE, INTEGER] = [0x63, 0x58, 0x4a] as const;
const PROTOCOL = 2;

/**
 * The pickle of an ordered dictionary of float32 tensors, as `torch.save` writes it; the values of the tensors, in their
 * order, are the files `data/0`, `data/1` and so on.
 */
export function pickledStateDict(tensors: readonly NamedTensor[]): Uint8Array {
  const bytes: number[] = [PROTO, PROTOCOL];
  const encoder = new TextEncoder();
  const uint32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
  const text = (value: string) => {
    const encoded = encoder.encode(value);
    bytes.push(UNICODE, ...uint32(encoded.length), ...encoded);
  };
  const integer = (value: number) => bytes.push(INTEGER, ...uint32(value));
  const global = (module: string, name: string) => bytes.push(GLOBAL, ...encoder.encode(`${module}\n${name}\n`));
  const orderedDict = () => {
    global('collections', 'OrderedDict');
    bytes.push(EMPTY_TUPLE, REDUCE);
  };
  const tuple = (fill: () => void) => {
    bytes.push(MARK);
    fill();
    bytes.push(TUPLE);
  };
  orderedDict();
  bytes.push(MARK);
  tensors.forEach(({ name, shape, values }, key) => {
    text(name);
    global('torch._utils', '_rebuild_tensor_v2');
    tuple(() => {
      tuple(() => {
        text('storage');
        global('torch', 'FloatStorage');
        text(String(key));
        text('cpu');
        integer(values.length);
      });
      bytes.push(PERSISTENT);
      integer(0);
      tuple(() => shape.forEach(integer));
      tuple(() => rowMajorStrides(shape).forEach(integer));
      bytes.push(FALSE);
      orderedDict();
    });
    bytes.push(REDUCE);
  });
  bytes.push(SET_ITEMS, STOP);
  return Uint8Array.from(bytes);
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}
