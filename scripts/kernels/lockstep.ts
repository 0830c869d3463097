import { type Dialect, dialects, type Instructions, scalar } from './dialects.ts';

/** A variable for each of the vectors that are worked on side by side. */
export type Value = readonly string[];

/**
 * Writes straight-line code for one or two neighboring vectors in lockstep: each operation of the one stands next
 * to the same operation of the other, with no load between them. Only so does V8 fuse the two into one of 256 bits.
 */
export class Lockstep {
  readonly lines: string[] = [];
  readonly #dialect: Dialect;
  readonly #vectors: readonly number[];
  readonly #sharedValues = new Map<string, Value>();
  #count = 0;

  constructor(dialect: Dialect, vectors: 1 | 2) {
    this.#dialect = dialect;
    this.#vectors = vectors === 1 ? [0] : [0, 1];
  }

  /** Bytes that the vectors cover. */
  get bytes(): number {
    return 4 * this.#dialect.lanes * this.#vectors.length;
  }

  load(pointer: string): Value {
    return this.#each((index) => this.#dialect.load(pointer, index * 4 * this.#dialect.lanes));
  }

  store(pointer: string, value: Value): void {
    value.forEach((name, index) =>
      this.lines.push(`${this.#dialect.store(pointer, name, index * 4 * this.#dialect.lanes)};`),
    );
  }

  /** A number of constants.ts, by the name of its address and bytes from there. */
  constant(address: string, offset = 0): Value {
    return this.#shared(this.#dialect.everyLane(`constants.${address}`, offset));
  }

  /** A number that the function takes as a parameter. */
  parameter(name: string): Value {
    return this.#shared(this.#dialect.splat(name));
  }

  add = this.#binary('add');
  sub = this.#binary('sub');
  mul = this.#binary('mul');
  div = this.#binary('div');
  atMost = this.#binary('atMost');
  atLeast = this.#binary('atLeast');
  scaleByPower = this.#binary('scaleByPower');

  squareRoot(x: Value): Value {
    return this.#each((index) => this.#dialect.squareRoot(at(x, index)));
  }

  /** a * b + c */
  madd(a: Value, b: Value, c: Value): Value {
    return this.#each((index) => this.#dialect.madd(at(a, index), at(b, index), at(c, index)));
  }

  /** c - a * b */
  nmadd(a: Value, b: Value, c: Value): Value {
    return this.#each((index) => this.#dialect.nmadd(at(a, index), at(b, index), at(c, index)));
  }

  /** y, but 0 where x is at most a limit. */
  unlessAtMost(x: Value, limit: Value, y: Value): Value {
    return this.#each((index) => this.#dialect.unlessAtMost(at(x, index), at(limit, index), at(y, index)));
  }

  #binary(operation: 'add' | 'sub' | 'mul' | 'div' | 'atMost' | 'atLeast' | 'scaleByPower') {
    return (a: Value, b: Value): Value => this.#each((index) => this.#dialect[operation](at(a, index), at(b, index)));
  }

  /** One variable for all vectors. */
  #shared(expression: string): Value {
    const known = this.#sharedValues.get(expression);
    if (known) return known;
    const name = this.#name(expression);
    const value = this.#vectors.map(() => name);
    this.#sharedValues.set(expression, value);
    return value;
  }

  #each(expression: (index: number) => string): Value {
    return this.#vectors.map((index) => this.#name(expression(index)));
  }

  #name(expression: string): string {
    const name = `value${this.#count++}`;
    this.lines.push(`const ${name} = ${expression};`);
    return name;
  }
}

export interface Loop {
  readonly pointers: readonly string[];
  readonly numbers?: readonly string[];
  /** What is done to each number. */
  readonly body: (code: Lockstep) => void;
}

/**
 * A function over contiguous numbers: pairs of vectors first, then one vector, then single numbers.
 * Its parameters are pointers, which move on together, the `count` of numbers, and single numbers.
 */
export function loopFunction(instructions: Instructions, name: string, { pointers, numbers = [], body }: Loop): string {
  const widths: readonly [Dialect, 1 | 2][] =
    instructions === 'scalar'
      ? [[scalar, 1]]
      : [
          [dialects[instructions], 2],
          [dialects[instructions], 1],
          [scalar, 1],
        ];
  const loops = widths.flatMap(([dialect, vectors]) => {
    const code = new Lockstep(dialect, vectors);
    body(code);
    const advance = pointers.map((pointer) => `${pointer} += ${code.bytes};`);
    return [`for (; count >= ${code.bytes / 4}; count -= ${code.bytes / 4}) {`, ...code.lines, ...advance, '}'];
  });
  const parameters = [
    ...pointers.map((pointer) => `${pointer}: usize`),
    'count: i32',
    ...numbers.map((number) => `${number}: f32`),
  ];
  return [`export function ${name}(${parameters.join(', ')}): void {`, ...loops, '}'].join('\n');
}

function at(value: Value, index: number): string {
  const name = value[index];
  if (name === undefined) throw new Error('Values of different widths meet in one operation.');
  return name;
}
