/** Milliseconds between two lines of progress. */
const PERIOD = 15_000;

/** Prints every 15 seconds how long `action` has been running. */
export async function withProgress<T>(name: string, action: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 1000);
  const timer = setInterval(() => console.log(`  ${name}: ${seconds()} s ...`), PERIOD);
  try {
    const result = await action();
    console.log(`  ${name}: done after ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
