/**
 * Arithmetic on four lanes or on one: a function written once for a type `V` serves as the vector loop
 * (v128), as its tail and as the build without SIMD (f32).
 */

/** Lanes of the widest type there is. */
export const LANES: i32 = ASC_FEATURE_SIMD ? 4 : 1;

@inline
export function splat<V>(x: f32): V {
  if (isVector<V>()) return <V>f32x4.splat(x);
  else return <V>x;
}

/** A number from memory in every lane. In a loop this is cheaper than a literal, which is built anew each time. */
@inline
export function everyLane<V>(address: usize): V {
  if (isVector<V>()) return <V>v128.load_splat<f32>(address);
  else return <V>load<f32>(address);
}

@inline
export function add<V>(a: V, b: V): V {
  if (isVector<V>()) return <V>f32x4.add(a, b);
  else return <V>(a + b);
}

@inline
export function sub<V>(a: V, b: V): V {
  if (isVector<V>()) return <V>f32x4.sub(a, b);
  else return <V>(a - b);
}

@inline
export function mul<V>(a: V, b: V): V {
  if (isVector<V>()) return <V>f32x4.mul(a, b);
  else return <V>(a * b);
}

@inline
export function div<V>(a: V, b: V): V {
  if (isVector<V>()) return <V>f32x4.div(a, b);
  else return <V>(a / b);
}

/** a * b + c, rounded once where the engine has relaxed SIMD. */
@inline
export function madd<V>(a: V, b: V, c: V): V {
  if (isVector<V>()) {
    if (ASC_FEATURE_RELAXED_SIMD) return <V>f32x4.relaxed_madd(a, b, c);
    else return <V>f32x4.add(f32x4.mul(a, b), c);
  } else return <V>(a * b + c);
}

/** c - a * b */
@inline
export function nmadd<V>(a: V, b: V, c: V): V {
  if (isVector<V>()) {
    if (ASC_FEATURE_RELAXED_SIMD) return <V>f32x4.relaxed_nmadd(a, b, c);
    else return <V>f32x4.sub(c, f32x4.mul(a, b));
  } else return <V>(c - a * b);
}

@inline
export function squareRoot<V>(x: V): V {
  if (isVector<V>()) return <V>f32x4.sqrt(x);
  else return <V>sqrt<f32>(x);
}

/** The smaller of x and a limit; NaN stays NaN, which one instruction can do if x comes first. */
@inline
export function atMost<V>(x: V, limit: V): V {
  if (isVector<V>()) return <V>f32x4.pmin(x, limit);
  else return limit < x ? limit : x;
}

@inline
export function atLeast<V>(x: V, limit: V): V {
  if (isVector<V>()) return <V>f32x4.pmax(x, limit);
  else return x < limit ? limit : x;
}

/** x * 2^n, where n is the integer in the low bits of `rounded` (a float32 to which 1.5 * 2^23 was added). */
@inline
export function scaleByPower<V>(x: V, rounded: V): V {
  if (isVector<V>()) return <V>i32x4.add(x, i32x4.shl(rounded, 23));
  else return <V>reinterpret<f32>(reinterpret<i32>(x) + (reinterpret<i32>(rounded) << 23));
}
