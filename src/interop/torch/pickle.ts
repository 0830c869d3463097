import { UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/**
 * Values of a pickle (https://docs.python.org/3/library/pickletools.html) that consists of containers, numbers, texts
 * and tensors. Nothing is executed: a function that a pickle calls is looked up in a table of the caller, and everything
 * else is refused.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PickleValue[]
  | PickleDict
  | PickleFunction
  | object;

/** A dictionary with its entries in order. */
export type PickleDict = Map<PickleValue, PickleValue>;

/** A function that a pickle may name. */
export interface PickleFunction {
  readonly call: (args: readonly PickleValue[]) => PickleValue;
}

export interface PickleOptions {
  /** The functions and classes that the pickle may name, by `module.name`. */
  readonly functions: ReadonlyMap<string, PickleFunction>;
  /** Returns the value of a persistent id. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

/** Most values on the stack or in the memo. */
const MOST_VALUES = 10_000_000;

const MARK = Symbol('mark');
type StackValue = PickleValue | typeof MARK;

/** State of the machine that a pickle is a program of. */
class Machine {
  readonly stack: StackValue[] = [];
  readonly memo = new Map<number, PickleValue>();
  readonly options: PickleOptions;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array, options: PickleOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.options = options;
  }

  take(count: number): number {
    const from = this.#at;
    if (from + count > this.#bytes.length) refuse(phrase('it ends early'));
    this.#at += count;
    return from;
  }

  byte(): number {
    return this.#view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.take(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.take(4), true);
  }

  uint64(): number {
    const value = this.#view.getBigUint64(this.take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) refuse(phrase('a length is out of range'));
    return Number(value);
  }

  /** Big-endian, as the format has it. */
  float64(): number {
    return this.#view.getFloat64(this.take(8), false);
  }

  bytes(length: number): Uint8Array {
    const from = this.take(length);
    return this.#bytes.subarray(from, from + length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length));
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) refuse(phrase('it ends early'));
    const line = this.text(end - this.#at);
    this.#at++;
    return line;
  }

  integer(length: number): number | bigint {
    let value = 0n;
    this.bytes(length).forEach((byte, place) => (value |= BigInt(byte) << BigInt(8 * place)));
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  push(value: StackValue): void {
    if (this.stack.length >= MOST_VALUES) refuse(phrase('it has too many values'));
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) return refuse(phrase('a value is missing'));
    return value;
  }

  /** The values above the last mark, which is removed. */
  popMarked(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) refuse(phrase('a value is missing'));
    const values = this.stack.splice(mark).slice(1);
    return values as PickleValue[];
  }

  top(): PickleValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  store(key: number): void {
    if (this.memo.size >= MOST_VALUES) refuse(phrase('it has too many values'));
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    if (!this.memo.has(key)) refuse(phrase('a value is missing'));
    this.push(this.memo.get(key) ?? null);
  }

  global(module: string, name: string): void {
    const found = this.options.functions.get(`${module}.${name}`);
    if (!found)
      refuse(
        phrase('it names {0}, which is not part of a state_dict. Save model.state_dict() instead', `${module}.${name}`),
      );
    this.push(found);
  }

  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof Map) || items.length % 2 > 0) return refuse(phrase('an entry has no dictionary'));
    for (let at = 0; at < items.length; at += 2) target.set(items[at] ?? null, items[at + 1] ?? null);
  }

  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!Array.isArray(target)) return refuse(phrase('an entry has no list'));
    for (const item of items) target.push(item);
  }
}

/** The operations of a pickle, by their codes. */
const OPERATIONS: Readonly<Record<number, (machine: Machine) => void>> = {
  0x80: (m) => void m.byte(), // PROTO
  0x95: (m) => void m.uint64(), // FRAME
  0x28: (m) => m.push(MARK),
  0x4e: (m) => m.push(null),
  0x88: (m) => m.push(true),
  0x89: (m) => m.push(false),
  0x4b: (m) => m.push(m.byte()), // BININT1
  0x4d: (m) => m.push(m.uint16()), // BININT2
  0x4a: (m) => m.push(m.int32()), // BININT
  0x8a: (m) => m.push(m.integer(m.byte())), // LONG1
  0x47: (m) => m.push(m.float64()), // BINFLOAT
  0x58: (m) => m.push(m.text(m.uint32())), // BINUNICODE
  0x8c: (m) => m.push(m.text(m.byte())), // SHORT_BINUNICODE
  0x8d: (m) => m.push(m.text(m.uint64())), // BINUNICODE8
  0x55: (m) => m.push(m.text(m.byte())), // SHORT_BINSTRING
  0x54: (m) => m.push(m.text(m.uint32())), // BINSTRING
  0x43: (m) => m.push(m.bytes(m.byte())), // SHORT_BINBYTES
  0x42: (m) => m.push(m.bytes(m.uint32())), // BINBYTES
  0x7d: (m) => m.push(new Map()), // EMPTY_DICT
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x74: (m) => m.push(m.popMarked()), // TUPLE
  0x6c: (m) => m.push(m.popMarked()), // LIST
  0x85: (m) => m.push([m.pop()]), // TUPLE1
  0x86: (m) => pushTuple(m, 2), // TUPLE2
  0x87: (m) => pushTuple(m, 3), // TUPLE3
  0x71: (m) => m.store(m.byte()), // BINPUT
  0x72: (m) => m.store(m.uint32()), // LONG_BINPUT
  0x94: (m) => m.store(m.memo.size), // MEMOIZE
  0x68: (m) => m.recall(m.byte()), // BINGET
  0x6a: (m) => m.recall(m.uint32()), // LONG_BINGET
  0x30: (m) => void m.pop(), // POP
  0x73: (m) => {
    const [value, key] = [m.pop(), m.pop()];
    m.setItems([key, value]);
  }, // SETITEM
  0x75: (m) => m.setItems(m.popMarked()), // SETITEMS
  0x61: (m) => m.append([m.pop()]), // APPEND
  0x65: (m) => m.append(m.popMarked()), // APPENDS
  0x63: (m) => m.global(m.line(), m.line()), // GLOBAL
  0x93: (m) => {
    const [name, module] = [m.pop(), m.pop()];
    if (typeof name !== 'string' || typeof module !== 'string') return refuse(phrase('a name is no text'));
    m.global(module, name);
  }, // STACK_GLOBAL
  0x52: (m) => {
    const [args, found] = [m.pop(), m.pop()];
    if (!Array.isArray(args) || !isFunction(found)) return refuse(phrase('it calls what is no function'));
    m.push(found.call(args));
  }, // REDUCE
  0x62: (m) => void m.pop(), // BUILD: attributes of a dictionary, such as the versions of its modules
  0x51: (m) => m.push(m.options.persistent(m.pop())), // BINPERSID
};

const STOP = 0x2e;

/**
 * Reads a pickle.
 * @throws UnusableError for an operation or a name outside of the tables, and for a pickle that ends early
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions): PickleValue {
  const machine = new Machine(bytes, options);
  for (;;) {
    const code = machine.byte();
    if (code === STOP) return machine.pop();
    const operation = OPERATIONS[code];
    if (!operation) return refuse(phrase('it has the operation {0}', `0x${code.toString(16)}`));
    operation(machine);
  }
}

function pushTuple(machine: Machine, size: number): void {
  const values = Array.from({ length: size }, () => machine.pop());
  machine.push(values.reverse());
}

function isFunction(value: PickleValue): value is PickleFunction {
  return typeof value === 'object' && value !== null && 'call' in value;
}

function refuse(reason: Text): never {
  throw new UnusableError(phrase('The pickle is refused: {0}.', reason));
}
