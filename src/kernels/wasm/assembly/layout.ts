/**
 * The first 64 KB of memory, shared by all threads; tensors and scratch come after. There are no data
 * segments: every thread's instance would write them again over live memory.
 */

/** Number of the present job; helpers wait for it to change. */
export const JOB_NUMBER: usize = 64;
/** Helpers that have not yet done their part of the present job. */
export const RUNNING: usize = 128;
/** Threads that have reached the present barrier, and the number of barriers passed. */
export const ARRIVED: usize = 192;
export const BARRIERS: usize = 256;
/** What the present job is, and how many threads divide its work. */
export const JOB: usize = 320;
export const THREADS: usize = 324;
/** Arguments of the present job: 32-bit integers or floats. */
export const ARGUMENTS: usize = 512;
/** Numbers that loops need in every lane. */
export const CONSTANTS: usize = 1024;
/** One float64 for each thread. */
export const PARTIAL_SUMS: usize = 4096;
