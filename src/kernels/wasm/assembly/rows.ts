/** Sums and copies of contiguous float32 values. */

/** Sum of a row. */
export function sumOf(source: usize, count: i32): f64 {
  const end = source + ((<usize>count) << 2);
  let sum: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let lanes = f32x4.splat(0);
    for (; source + 16 <= end; source += 16) lanes = f32x4.add(lanes, v128.load(source));
    sum = <f64>f32x4.extract_lane(lanes, 0) + <f64>f32x4.extract_lane(lanes, 1) + <f64>f32x4.extract_lane(lanes, 2) + <f64>f32x4.extract_lane(lanes, 3);
  }
  for (; source < end; source += 4) sum += <f64>load<f32>(source);
  return sum;
}

/** Sum of squares in float64; squares of small float32 values would underflow. */
export function sumOfSquares(source: usize, count: i32): f64 {
  const end = source + ((<usize>count) << 2);
  let sum: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (; source + 16 <= end; source += 16) {
      const values = v128.load(source);
      const a = f64x2.promote_low_f32x4(values);
      const b = f64x2.promote_low_f32x4(v128.shuffle<f64>(values, values, 1, 1));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    const both = f64x2.add(low, high);
    sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  }
  for (; source < end; source += 4) {
    const value = <f64>load<f32>(source);
    sum += value * value;
  }
  return sum;
}

@inline
export function copyRow(target: usize, source: usize, count: i32): void {
  memory.copy(target, source, (<usize>count) << 2);
}

/** Copies a few values; the call overhead of `memory.copy` would be higher. */
@inline
export function copyFew(target: usize, source: usize, count: i32): void {
  for (let offset: usize = 0; offset < (<usize>count) << 2; offset += 4) store<f32>(target + offset, load<f32>(source + offset));
}

@inline
export function clearRow(target: usize, count: i32): void {
  memory.fill(target, 0, (<usize>count) << 2);
}

/** Scalar product of two rows. */
export function productOf(a: usize, b: usize, count: i32): f32 {
  const end = a + ((<usize>count) << 2);
  let sum: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let even = f32x4.splat(0);
    let odd = f32x4.splat(0);
    for (; a + 32 <= end; a += 32, b += 32) {
      even = f32x4.add(even, f32x4.mul(v128.load(a), v128.load(b)));
      odd = f32x4.add(odd, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    }
    const lanes = f32x4.add(even, odd);
    sum = <f64>f32x4.extract_lane(lanes, 0) + <f64>f32x4.extract_lane(lanes, 1) + <f64>f32x4.extract_lane(lanes, 2) + <f64>f32x4.extract_lane(lanes, 3);
  }
  for (; a < end; a += 4, b += 4) sum += <f64>load<f32>(a) * <f64>load<f32>(b);
  return <f32>sum;
}
