/** Numbers that only one thread writes: a cache line. */
export const LINE: i32 = 16;

/** Where a thread's part of `count` equal things begins; that of the next thread is where it ends. */
@inline
export function shareStart(count: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>count * thread) / threads);
}

/** The same in whole groups, so that no two threads write to one group. */
export function groupStart(count: i32, group: i32, thread: i32, threads: i32): i32 {
  const groups = (count + group - 1) / group;
  const start = shareStart(groups, thread, threads) * group;
  return start < count ? start : count;
}
