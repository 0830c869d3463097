/** Prints the figures of a benchmark as the rows of a table: elapsed time, time of the processors, memory. */

const MEGABYTE = 2 ** 20;

/** Prints the heading of a table. */
export function heading(title: string): void {
  console.log(
    `\n${title}, Node ${process.version}\n\n| step | ms | processor ms | RSS MB |\n| --- | ---: | ---: | ---: |`,
  );
}

/** Times a step, and prints it with the memory of the process after it. @param times repetitions that the step does */
export async function figure<Result>(name: string, step: () => Result | Promise<Result>, times = 1): Promise<Result> {
  const [begin, before] = [performance.now(), process.cpuUsage()];
  const result = await step();
  const { user, system } = process.cpuUsage(before);
  const elapsed = performance.now() - begin;
  row(name, elapsed / times, (user + system) / 1000 / times);
  return result;
}

function row(name: string, elapsed: number, processor: number): void {
  console.log(`| ${name} | ${digits(elapsed)} | ${digits(processor)} | ${rss()} |`);
}

/** Prints a fact that is no time. */
export function fact(name: string, text: string): void {
  console.log(`| ${name} | ${text} | | ${rss()} |`);
}

/** Bytes of the objects that are in use. */
export function heapInUse(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function rss(): number {
  return Math.round(process.memoryUsage().rss / MEGABYTE);
}

function digits(milliseconds: number): string {
  return milliseconds < 1 ? milliseconds.toPrecision(2) : milliseconds.toFixed(1);
}
