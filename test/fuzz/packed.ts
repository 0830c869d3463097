/**
 * Messages as a text for a page in a browser. The driver of the browser does not transfer some of their values, such as
 * maps and own properties of the name `__proto__`.
 */
export function packed(messages: readonly unknown[]): string {
  return JSON.stringify(messages.map((message) => pack(message, 0)));
}

/** Depth from which a value is sent as one that is as deep as messages of fuzzing get. */
const DEEP = 100;
const DEEPEST = 2000;

/** A value as JSON: lists and objects as they are, everything else as its kind and its text. */
function pack(value: unknown, depth: number): unknown {
  const inside = (inner: unknown) => pack(inner, depth + 1);
  if (depth > DEEP) return { deep: DEEPEST };
  if (Array.isArray(value)) return { list: Array.from(value, inside) };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof Map) return { map: [...value].map(([key, inner]: [unknown, unknown]) => [key, inside(inner)]) };
  if (value instanceof Date) return { date: Number(value) };
  if (ArrayBuffer.isView(value)) return { floats: [...(value as Float32Array)] };
  if (typeof value === 'object' && value !== null)
    return { object: Object.entries(value).map(([name, inner]: [string, unknown]) => [name, inside(inner)]) };
  if (typeof value === 'string') return value;
  return { kind: typeof value, text: Object.is(value, -0) ? '-0' : String(value) };
}

/** Posts packed messages in the page. Runs there, and therefore uses nothing from outside. */
export function unpackInPage(text: string): void {
  type Packed = string | PackedObject;
  interface PackedObject {
    readonly list?: Packed[];
    readonly deep?: number;
    readonly bytes?: number[];
    readonly map?: [unknown, Packed][];
    readonly date?: number;
    readonly floats?: number[];
    readonly object?: [string, Packed][];
    readonly kind?: string;
    readonly text?: string;
  }
  const plain: Readonly<Record<string, (text: string) => unknown>> = {
    number: Number,
    bigint: BigInt,
    boolean: (each) => each === 'true',
    undefined: () => undefined,
    object: () => null,
  };
  const nested = (depth: number) => {
    let value: unknown = 'deep';
    for (let i = 0; i < depth; i++) value = [value];
    return value;
  };
  const unpack = (value: Packed): unknown => {
    if (typeof value === 'string') return value;
    if (value.deep !== undefined) return nested(value.deep);
    if (value.list) return value.list.map(unpack);
    if (value.bytes) return new Uint8Array(value.bytes);
    if (value.floats) return new Float32Array(value.floats);
    if (value.map) return new Map(value.map.map(([key, inner]) => [key, unpack(inner)]));
    if (value.date !== undefined) return new Date(value.date);
    if (value.object) return Object.fromEntries(value.object.map(([name, inner]) => [name, unpack(inner)]));
    return plain[value.kind ?? '']?.(value.text ?? '');
  };
  const { postMessage } = globalThis as unknown as { postMessage(message: unknown, origin: string): void };
  for (const message of JSON.parse(text) as Packed[]) postMessage(unpack(message), '*');
}
