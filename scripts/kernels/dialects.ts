/** Instruction set of a build of the kernels. */
export type Instructions = 'relaxed' | 'simd' | 'scalar';

/** Arithmetic in AssemblyScript on four lanes or on one. */
export interface Dialect {
  readonly lanes: number;
  readonly load: (address: string, offset: number) => string;
  /** Loads a number from memory into every lane. This is faster than a literal, which V8 rebuilds each time. */
  readonly loadSplat: (address: string, offset?: number) => string;
  readonly splat: (x: string) => string;
  readonly store: (address: string, value: string, offset: number) => string;
  readonly zero: string;
  readonly add: (a: string, b: string) => string;
  readonly sub: (a: string, b: string) => string;
  readonly mul: (a: string, b: string) => string;
  readonly div: (a: string, b: string) => string;
  readonly squareRoot: (x: string) => string;
  /** a * b + c; with relaxed SIMD it may be rounded once. */
  readonly madd: (a: string, b: string, c: string) => string;
  /** c - a * b */
  readonly nmadd: (a: string, b: string, c: string) => string;
  /** Minimum of x and a limit. NaN stays NaN; a single instruction does this if x is the first operand. */
  readonly atMost: (x: string, limit: string) => string;
  readonly atLeast: (x: string, limit: string) => string;
  readonly magnitude: (x: string) => string;
  readonly negativeMagnitude: (x: string, minusZero: string) => string;
  /** A positive number with the sign bit of another; `minusZero` is -0 in every lane. */
  readonly withSign: (positive: string, sign: string, minusZero: string) => string;
  /** 0 where x is at most a limit, y elsewhere and where x is NaN. */
  readonly unlessAtMost: (x: string, limit: string, y: string) => string;
  /** x * 2^n, where n is the integer in the low bits of `rounded`, which is n + 1.5 * 2^23 as float32. */
  readonly scaleByPower: (x: string, rounded: string) => string;
}

const simd: Dialect = {
  lanes: 4,
  load: (address, offset) => `v128.load(${address}, ${offset})`,
  loadSplat: (address, offset = 0) => `v128.load_splat<f32>(${address}, ${offset})`,
  splat: (x) => `f32x4.splat(${x})`,
  store: (address, value, offset) => `v128.store(${address}, ${value}, ${offset})`,
  zero: 'f32x4.splat(0)',
  add: (a, b) => `f32x4.add(${a}, ${b})`,
  sub: (a, b) => `f32x4.sub(${a}, ${b})`,
  mul: (a, b) => `f32x4.mul(${a}, ${b})`,
  div: (a, b) => `f32x4.div(${a}, ${b})`,
  squareRoot: (x) => `f32x4.sqrt(${x})`,
  madd: (a, b, c) => `f32x4.add(f32x4.mul(${a}, ${b}), ${c})`,
  nmadd: (a, b, c) => `f32x4.sub(${c}, f32x4.mul(${a}, ${b}))`,
  atMost: (x, limit) => `f32x4.pmin(${x}, ${limit})`,
  atLeast: (x, limit) => `f32x4.pmax(${x}, ${limit})`,
  magnitude: (x) => `f32x4.abs(${x})`,
  negativeMagnitude: (x, minusZero) => `v128.or(${x}, ${minusZero})`,
  withSign: (positive, sign, minusZero) => `v128.or(${positive}, v128.and(${sign}, ${minusZero}))`,
  unlessAtMost: (x, limit, y) => `v128.andnot(${y}, f32x4.le(${x}, ${limit}))`,
  scaleByPower: (x, rounded) => `i32x4.add(${x}, i32x4.shl(${rounded}, 23))`,
};

export const scalar: Dialect = {
  lanes: 1,
  load: (address, offset) => `load<f32>(${address}, ${offset})`,
  loadSplat: (address, offset = 0) => `load<f32>(${address}, ${offset})`,
  splat: (x) => x,
  store: (address, value, offset) => `store<f32>(${address}, ${value}, ${offset})`,
  zero: '<f32>0',
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  squareRoot: (x) => `sqrt<f32>(${x})`,
  madd: (a, b, c) => `${a} * ${b} + ${c}`,
  nmadd: (a, b, c) => `${c} - ${a} * ${b}`,
  atMost: (x, limit) => `${limit} < ${x} ? ${limit} : ${x}`,
  atLeast: (x, limit) => `${x} < ${limit} ? ${limit} : ${x}`,
  magnitude: (x) => `abs<f32>(${x})`,
  negativeMagnitude: (x) => `-abs<f32>(${x})`,
  withSign: (positive, sign) => `copysign<f32>(${positive}, ${sign})`,
  unlessAtMost: (x, limit, y) => `${x} <= ${limit} ? <f32>0 : ${y}`,
  scaleByPower: (x, rounded) => `reinterpret<f32>(reinterpret<i32>(${x}) + (reinterpret<i32>(${rounded}) << 23))`,
};

export const dialects: Record<Instructions, Dialect> = {
  relaxed: {
    ...simd,
    madd: (a, b, c) => `f32x4.relaxed_madd(${a}, ${b}, ${c})`,
    nmadd: (a, b, c) => `f32x4.relaxed_nmadd(${a}, ${b}, ${c})`,
  },
  simd,
  scalar,
};
