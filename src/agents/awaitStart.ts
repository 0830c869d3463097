/** Milliseconds that the start of a run is waited for. Reading a large file goes on after the answer. */
const START_MS = 10_000;

/** Waits until the first of the promises is settled, for `START_MS` at most. @throws its reason if it is rejected */
export async function awaitStart(...begun: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const isLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, START_MS)));
  await Promise.race([...begun, isLate]).finally(() => clearTimeout(timer));
}
