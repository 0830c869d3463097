import { type Dialect, dialects, type Instructions, scalar } from './dialects.ts';

/** Names of variables, one for each vector that is processed in lockstep. */
export type Value = readonly string[];

/** Number of neighboring vectors in lockstep. */
type Vectors = 1 | 2 | 4;

/**
 * Generates straight-line code for neighboring vectors in lockstep: each operation on one vector is next to the same
 * operation on the others, with no load between them. V8 only fuses two vectors into 256 bits in this form. The operations on
 * one number wait for each other, so that four vectors keep a processor busier than two, although registers spill.
 */
export class Lockstep {
  readonly lines: string[] = [];
  readonly #dialect: Dialect;
  readonly #vectors: readonly number[];
  readonly #sharedValues = new Map<string, Value>();
  #count = 0;

  constructor(dialect: Dialect, vectors: Vectors) {
    this.#dialect = dialect;
    this.#vectors = Array.from({ length: vectors }, (_, index) => index);
  }

  /** Total size of the vectors in bytes. */
  get bytes(): number {
    return 4 * this.#dialect.lanes * this.#vectors.length;
  }

  load(pointer: string): Value {
    return this.#each((index) => this.#dialect.load(pointer, index * 4 * this.#dialect.lanes));
  }

  /**
   * Stores the vectors, the last one first: V8 fuses two stores at the second and, in the other order, leaves the first
   * store of 128 bits in front of the fused one.
   */
  store(pointer: string, value: Value): void {
    const stores = value.map((name, index) => this.#dialect.store(pointer, name, index * 4 * this.#dialect.lanes));
    this.lines.push(...stores.reverse().map((store) => `${store};`));
  }

  /** Constant of constants.ts, given by the name of an address and an offset in bytes. */
  constant(address: string, offset = 0): Value {
    return this.#shared(this.#dialect.loadSplat(`constants.${address}`, offset));
  }

  /** Scalar parameter of the function. */
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

  magnitude(x: Value): Value {
    return this.#each((index) => this.#dialect.magnitude(at(x, index)));
  }

  negativeMagnitude(x: Value): Value {
    const minusZero = this.constant('MINUS_ZERO');
    return this.#each((index) => this.#dialect.negativeMagnitude(at(x, index), at(minusZero, index)));
  }

  /** A positive number with the sign of another. */
  withSign(positive: Value, sign: Value): Value {
    const minusZero = this.constant('MINUS_ZERO');
    return this.#each((index) => this.#dialect.withSign(at(positive, index), at(sign, index), at(minusZero, index)));
  }

  /** a * b + c */
  madd(a: Value, b: Value, c: Value): Value {
    return this.#each((index) => this.#dialect.madd(at(a, index), at(b, index), at(c, index)));
  }

  /** c - a * b */
  nmadd(a: Value, b: Value, c: Value): Value {
    return this.#each((index) => this.#dialect.nmadd(at(a, index), at(b, index), at(c, index)));
  }

  /** 0 where x is at most a limit, y elsewhere. */
  unlessAtMost(x: Value, limit: Value, y: Value): Value {
    return this.#each((index) => this.#dialect.unlessAtMost(at(x, index), at(limit, index), at(y, index)));
  }

  #binary(operation: 'add' | 'sub' | 'mul' | 'div' | 'atMost' | 'atLeast' | 'scaleByPower') {
    return (a: Value, b: Value): Value => this.#each((index) => this.#dialect[operation](at(a, index), at(b, index)));
  }

  /** Declares one variable for all vectors, once per expression. */
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
  /** Emits the code for each number. */
  readonly body: (code: Lockstep) => void;
}

/**
 * Generates a function over contiguous numbers: four vectors at a time, then pairs, single vectors and single numbers. Its
 * parameters are pointers, which advance together, the `count` of numbers, and scalars.
 */
export function loopFunction(instructions: Instructions, name: string, { pointers, numbers = [], body }: Loop): string {
  const widths: readonly [Dialect, Vectors][] =
    instructions === 'scalar'
      ? [[scalar, 1]]
      : [
          [dialects[instructions], 4],
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
  if (name === undefined) throw new Error('An operation combines values of different widths.');
  return name;
}
