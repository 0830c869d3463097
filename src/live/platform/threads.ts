/** Threads of a page, which has one, in place of `src/platform/threads.ts`. */

export const ownerPort = null;
export const threadData = undefined;

export function startThread(): never {
  throw new Error('A page runs its model in one thread.');
}

export function nextMessage(): never {
  throw new Error('A page runs its model in one thread.');
}
