import { ARGUMENTS } from './layout';

/** Arguments of the current job, in the order in which the host wrote them. */

@inline
export function integer(index: i32): i32 {
  return load<i32>(ARGUMENTS + ((<usize>index) << 2));
}

@inline
export function pointer(index: i32): usize {
  return <usize>load<u32>(ARGUMENTS + ((<usize>index) << 2));
}

@inline
export function float(index: i32): f32 {
  return load<f32>(ARGUMENTS + ((<usize>index) << 2));
}
