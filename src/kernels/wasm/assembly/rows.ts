import { add } from './lanes';

/** Loops over contiguous float32 values: whole vectors first, single values after. */

/** target += source */
export function addInto(target: usize, source: usize, count: i32): void {
  const end = target + ((<usize>count) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; target + 16 <= end; target += 16, source += 16) v128.store(target, add<v128>(v128.load(target), v128.load(source)));
  }
  for (; target < end; target += 4, source += 4) store<f32>(target, load<f32>(target) + load<f32>(source));
}

/** target = a + b */
export function sumOf(target: usize, a: usize, b: usize, count: i32): void {
  const end = target + ((<usize>count) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; target + 16 <= end; target += 16, a += 16, b += 16) v128.store(target, add<v128>(v128.load(a), v128.load(b)));
  }
  for (; target < end; target += 4, a += 4, b += 4) store<f32>(target, load<f32>(a) + load<f32>(b));
}

/** Sum of squares in float64: those of small float32 values would underflow. */
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

@inline
export function clearRow(target: usize, count: i32): void {
  memory.fill(target, 0, (<usize>count) << 2);
}
