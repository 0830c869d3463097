import { median } from '../../src/judgment/quantiles.ts';

/** Event of Chromium's trace format (Trace Event Format, "complete" and "instant" events); times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of the thread. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly url?: string } };
}

/** Trace categories of frames and of the functions that run between them. */
export const FRAME_CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'devtools.timeline.frame',
];

/**
 * Milliseconds of script in each frame of a page: the time of the functions called from outside (events, timers,
 * messages, animation frames) since the frame before.
 * @param script matches the URL of the page's script; only functions in its thread count
 */
export function frameCosts(events: readonly TraceEvent[], script: RegExp): number[] {
  const calls = events.filter(({ name, dur }) => name === 'FunctionCall' && dur !== undefined);
  const ours = calls.find(({ args }) => script.test(args?.data?.url ?? ''));
  if (!ours) throw new Error(`No function of ${script} ran during the trace.`);
  const inThread = ({ pid, tid }: TraceEvent) => pid === ours.pid && tid === ours.tid;
  const frames = events
    .filter((event) => inThread(event) && event.name === 'Commit')
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const outermost: { start: number; end: number }[] = [];
  for (const { ts, dur = 0, args } of calls.filter(inThread).sort((a, b) => a.ts - b.ts)) {
    const within = ts < (outermost.at(-1)?.end ?? 0);
    if (!within && script.test(args?.data?.url ?? '')) outermost.push({ start: ts, end: ts + dur });
  }
  return frames.map((frame, i) => {
    const since = frames[i - 1] ?? 0;
    return (
      outermost
        .filter(({ start }) => start >= since && start < frame)
        .reduce((sum, { start, end }) => sum + end - start, 0) / 1000
    );
  });
}

/** Tasks of a page in which its script runs, with the promises that they resolve. */
const TASKS: ReadonlySet<string> = new Set([
  'EventDispatch',
  'FireAnimationFrame',
  'FunctionCall',
  'HandlePostMessage',
  'RunMicrotasks',
  'TimerFire',
]);

/**
 * Milliseconds of processor time of script in each frame of a page: all tasks in the thread of its script since the frame
 * before, with the layouts that they force.
 * @param script matches the URL of the page's script
 */
export function frameTimes(events: readonly TraceEvent[], script: RegExp): number[] {
  const ours = events.find(({ args }) => script.test(args?.data?.url ?? ''));
  if (!ours) throw new Error(`No function of ${script} ran during the trace.`);
  const inThread = events
    .filter(({ pid, tid }) => pid === ours.pid && tid === ours.tid)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const times: number[] = [];
  let [time, end] = [0, 0];
  for (const { name, ts, dur = 0, tdur = dur } of inThread) {
    if (name === 'Commit') {
      times.push(time / 1000);
      time = 0;
    } else if (TASKS.has(name) && ts >= end) {
      time += tdur;
      end = ts + dur;
    }
  }
  return times;
}

/** Formats frame costs, such as "longest 3.1 ms, median 0.4 ms of 61". */
export function formatFrameCosts(costs: readonly number[]): string {
  return `longest ${Math.max(...costs).toFixed(1)} ms, median ${median(costs).toFixed(1)} ms of ${costs.length}`;
}
