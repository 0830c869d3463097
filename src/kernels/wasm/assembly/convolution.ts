import { integer, pointer } from './arguments';
import { clearRow, copyRow } from './rows';
import { shareStart } from './share';

/** Arguments of the jobs of a convolution, and the padded sequences that both passes read. */

export let timeSteps: i32 = 0;
export let batch: i32 = 0;
export let inputs: i32 = 0;
/** Filters of each width. */
export let filters: i32 = 0;
/** Number of widths. */
export let widths: i32 = 0;
/** Address of the memory that the threads share or divide, after the table of the widths. */
export let scratch: usize = 0;
/** True for the maximum over time, false for the mean. */
export let isMax: bool = false;
/** Index of the first argument of the forward or backward pass. */
export const PASS: i32 = 10;

/** Size of a step of x, and of the values of all filters, in bytes. */
export let inputRow: usize = 0;
export let valueRow: usize = 0;
/** Zero steps before a padded sequence, and steps of a padded sequence. */
export let before: i32 = 0;
export let span: i32 = 0;
/** First sequence of this thread, and the one after its last. */
export let first: i32 = 0;
export let last: i32 = 0;

let x: usize = 0;
let lengths: usize = 0;
let table: usize = 0;
/** Number of 32-bit integers for each width in the table: the width, then pointers. */
let entry: i32 = 0;

/** @param pointers number of pointers of each width in the table */
export function readConvolution(pointers: i32, thread: i32, threads: i32): void {
  x = pointer(0);
  lengths = pointer(1);
  timeSteps = integer(2);
  batch = integer(3);
  inputs = integer(4);
  filters = integer(5);
  widths = integer(6);
  isMax = integer(7) !== 0;
  table = pointer(8);
  scratch = pointer(9);
  entry = 1 + pointers;
  inputRow = (<usize>inputs) << 2;
  valueRow = (<usize>(widths * filters)) << 2;
  let widest = 1;
  for (let n = 0; n < widths; n++) widest = max(widest, widthOf(n));
  before = (widest - 1) / 2;
  span = timeSteps + widest - 1;
  first = shareStart(batch, thread, threads);
  last = shareStart(batch, thread + 1, threads);
}

/** Width of the filters number `n`. */
@inline
export function widthOf(n: i32): i32 {
  return load<i32>(table + ((<usize>(n * entry)) << 2));
}

/** Pointer number `which` of width number `n`. */
@inline
export function tensorOf(n: i32, which: i32): usize {
  return <usize>load<u32>(table + ((<usize>(n * entry + 1 + which)) << 2));
}

@inline
export function lengthOf(sequence: i32): i32 {
  return load<i32>(lengths + ((<usize>sequence) << 2));
}

/** Values of padded sequences. */
export function paddedSize(timeSteps: i32, batch: i32, inputs: i32, widest: i32): i32 {
  return batch * (timeSteps + widest - 1) * inputs;
}

/**
 * Address of the first window of filters of a width in a padded sequence. The windows of later steps are `inputRow`
 * bytes apart, and overlap.
 */
@inline
export function windowsOf(padded: usize, sequence: i32, width: i32): usize {
  return padded + <usize>(sequence * span + before - (width - 1) / 2) * inputRow;
}

/** Copies a sequence with zeros before, after, and past its length, so that each window is contiguous. */
export function pad(sequence: i32, padded: usize): void {
  const to = padded + <usize>(sequence * span) * inputRow;
  clearRow(to, span * inputs);
  for (let t = 0; t < lengthOf(sequence); t++) {
    copyRow(to + <usize>(before + t) * inputRow, x + <usize>(t * batch + sequence) * inputRow, inputs);
  }
}

/** Copies the steps of a padded sequence to `[timeSteps, batch, inputs]`, with zeros past its length. */
export function unpad(sequence: i32, padded: usize, target: usize): void {
  const length = lengthOf(sequence);
  for (let t = 0; t < timeSteps; t++) {
    const to = target + <usize>(t * batch + sequence) * inputRow;
    if (t < length) copyRow(to, padded + <usize>(before + t) * inputRow, inputs);
    else clearRow(to, inputs);
  }
}
