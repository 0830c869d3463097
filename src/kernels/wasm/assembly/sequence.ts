import { integer, pointer } from './arguments';
import { shareStart } from './share';

/**
 * The batch of sequences of the current job, from its first arguments, and this thread's part of it. Each thread runs
 * all steps of its sequences. Every thread has its own instance of the module and therefore of these globals.
 */

/** Dense inputs [timeSteps, batch, inputs], or token ids [timeSteps, batch]. */
export let x: usize = 0;
/** Width of dense inputs; 0 for token ids. */
export let inputs: i32 = 0;
export let kernel: usize = 0;
export let recurrentKernel: usize = 0;
export let h0: usize = 0;
/** Lengths of the sequences; 0 if all have the full length. */
export let lengths: usize = 0;
export let reverse: bool = false;
export let timeSteps: i32 = 0;
export let batch: i32 = 0;
export let units: i32 = 0;
/** Hidden states [timeSteps, batch, units]. */
export let h: usize = 0;
/** Address of the job's scratch memory. */
export let scratch: usize = 0;

/** Index of the first argument of the forward or backward pass. */
export const PASS: i32 = 12;

/** Columns of the kernels: gates * units. */
export let width: i32 = 0;
/** Size of a row of the kernels and of one sequence's state in bytes. */
export let gateRow: usize = 0;
export let stateRow: usize = 0;
/** First sequence of this thread, and their number. */
export let first: i32 = 0;
export let rows: i32 = 0;

export function readSequence(gates: i32, thread: i32, threads: i32): void {
  x = pointer(0);
  inputs = integer(1);
  kernel = pointer(2);
  recurrentKernel = pointer(3);
  h0 = pointer(4);
  lengths = pointer(5);
  reverse = integer(6) !== 0;
  timeSteps = integer(7);
  batch = integer(8);
  units = integer(9);
  h = pointer(10);
  scratch = pointer(11);
  width = gates * units;
  gateRow = (<usize>width) << 2;
  stateRow = (<usize>units) << 2;
  first = shareStart(batch, thread, threads);
  rows = shareStart(batch, thread + 1, threads) - first;
}

/** Time step of iteration `step`. */
@inline
export function timeOf(step: i32): i32 {
  return reverse ? timeSteps - 1 - step : step;
}

/** Index of this thread's first row in a step, counted in rows from the beginning of the sequence. */
@inline
export function placeOf(t: i32): usize {
  return <usize>(t * batch + first);
}

/** This thread's rows of the states before an iteration: the initial states, or those of the previous iteration. */
@inline
export function rowsBefore(step: i32, initial: usize, states: usize): usize {
  return step > 0 ? states + placeOf(timeOf(step - 1)) * stateRow : initial + (<usize>first) * stateRow;
}

/** True if step t is beyond the end of one of this thread's sequences. */
@inline
export function isMasked(row: i32, t: i32): bool {
  return lengths !== 0 && t >= load<i32>(lengths + ((<usize>(first + row)) << 2));
}
