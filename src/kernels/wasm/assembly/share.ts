/** Values per cache line. Threads never write to the same line. */
export const LINE: i32 = 16;

/** First of the elements of a thread when `count` elements are divided evenly; its part ends where the next begins. */
@inline
export function shareStart(count: i32, thread: i32, threads: i32): i32 {
  return <i32>((<i64>count * thread) / threads);
}

/** Like `shareStart`, in whole groups, so that no two threads write to the same group. */
export function groupStart(count: i32, group: i32, thread: i32, threads: i32): i32 {
  const groups = (count + group - 1) / group;
  const start = shareStart(groups, thread, threads) * group;
  return start < count ? start : count;
}
