/** Journal of a task: what the script has started and what has ended. */
export interface Journal {
  /** Exit code of each item that has ended; the first one counts. */
  readonly ended: ReadonlyMap<string, number>;
  /** Items whose last start was stopped before their end, with its exit code. */
  readonly stopped: ReadonlyMap<string, number>;
  /** Item that was started last and has neither ended nor stopped. */
  readonly running: string | undefined;
  /** Node of the last start; undefined before. */
  readonly node: string | undefined;
  /** Node that does not have the program of the command; undefined if it was found. */
  readonly refusedBy: string | undefined;
  /** Whether the script has reached the time limit since the last start, and has stopped in order. */
  readonly isAtLimit: boolean;
}

/** Reads a journal. Lines that are torn or unknown say nothing. */
export function readJournal(text: string): Journal {
  const ended = new Map<string, number>();
  const stopped = new Map<string, number>();
  let running: string | undefined;
  let node: string | undefined;
  let refusedBy: string | undefined;
  let isAtLimit = false;
  // Without the part behind the last line break, which a crash has torn off or which is being written.
  for (const line of text.split('\n').slice(0, -1)) {
    const [event, item = '', second = '', , host] = line.split(' ');
    const code = /^\d{1,3}$/.test(second) ? Number(second) : undefined;
    if (event === 'start' && host !== undefined) {
      [running, node, refusedBy, isAtLimit] = [item, host, undefined, false];
      stopped.delete(item);
    }
    if ((event === 'limit' || event === 'requeue') && item !== '') isAtLimit = true;
    if (event === 'refuse' && item !== '') refusedBy = item;
    if ((event !== 'end' && event !== 'stop') || code === undefined) continue;
    if (running === item) running = undefined;
    if (event === 'stop') stopped.set(item, code);
    else if (!ended.has(item)) ended.set(item, code);
  }
  for (const item of ended.keys()) stopped.delete(item);
  return { ended, stopped, running, node, refusedBy, isAtLimit };
}
