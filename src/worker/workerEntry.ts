/** The worker's entry: the bundle beside this one, or the source when the code runs unbundled. */
export const workerEntry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './trainer.js', import.meta.url);

/** The entry of a process that holds such a worker, in the same way. */
export const processEntry = new URL(
  import.meta.url.endsWith('.ts') ? './process.ts' : './trainerProcess.js',
  import.meta.url,
);
