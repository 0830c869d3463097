/** What happens at the N-th call of the file system of the browser. */
export interface Interruption {
  /** Number of the call, from 1. */
  readonly at: number;
  /**
   * `before` and `after`: the worker says that it was interrupted, and never goes on, before or after the browser received
   * the call. `full`: the call fails as in a full store.
   */
  readonly how: 'before' | 'after' | 'full';
}

/** Answer of a worker that does not go on. */
export const INTERRUPTED = 'interrupted';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Methods of the file system of the browser by class, and whether they return at once. */
const METHODS: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  FileSystemDirectoryHandle: { getFileHandle: false, getDirectoryHandle: false, removeEntry: false },
  FileSystemFileHandle: { getFile: false, createSyncAccessHandle: false, move: false },
  FileSystemSyncAccessHandle: { truncate: true, write: true },
};

const scope = globalThis as unknown as Record<string, { readonly prototype: Record<string, Method> }> & {
  postMessage(message: unknown): void;
};

let [calls, planned]: [number, Interruption | undefined] = [0, undefined];

/** Interrupts this worker at a later call of the file system. @returns number of calls since this was called before */
export function interrupt(interruption: Interruption): number {
  const before = calls;
  if (planned === undefined) countCalls();
  [calls, planned] = [0, interruption];
  return before;
}

function countCalls(): void {
  for (const [name, methods] of Object.entries(METHODS)) {
    const prototype = scope[name]?.prototype;
    for (const [method, isAtOnce] of Object.entries(methods)) {
      const original = prototype?.[method];
      if (!prototype || !original) continue;
      prototype[method] = function (...args) {
        if (++calls !== planned?.at) return original.apply(this, args);
        if (planned.how === 'full') throw new DOMException('The storage is full.', 'QuotaExceededError');
        if (planned.how === 'after') original.apply(this, args);
        scope.postMessage({ result: INTERRUPTED });
        while (isAtOnce);
        return new Promise(() => undefined);
      };
    }
  }
}
