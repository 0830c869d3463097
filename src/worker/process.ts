import { startThread } from '../platform/threads.ts';
import { OWNER_ENDED, workerEntry } from './workerThread.ts';

/** Time for a run to end with a checkpoint after its owner has ended, in milliseconds. */
const END_MS = 30_000;

/**
 * Entry of the child process that contains the trainer's thread, so that a native abort, an out-of-memory error or a V8
 * flag cannot affect the owner. It forwards messages without parsing them. The thread is the same as in the owner's
 * process. The argument is the thread's task as JSON.
 */
const task = process.argv[2];
const worker = startThread(workerEntry, { workerData: task === undefined ? undefined : (JSON.parse(task) as unknown) });

process.on('message', (message) => {
  worker.postMessage(message);
});
worker.on('message', (message: unknown) => {
  // If the owner is killed meanwhile, the channel breaks before `disconnect`: without a callback, an error ends the process.
  if (process.connected) process.send?.(message, () => undefined);
});
// The error that ended the thread goes to standard error, from which the owner takes the reason.
worker.on('error', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exitCode = 1;
});
worker.on('exit', (code) => {
  process.exit(process.exitCode ?? code);
});
// The owner has exited, or the user logs out: a run ends with a checkpoint; a task has no result to keep.
let isEnding = false;
for (const event of ['disconnect', 'SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(event, () => {
    if (task !== undefined) process.exit();
    if (isEnding) return;
    isEnding = true;
    worker.postMessage(OWNER_ENDED);
    setTimeout(() => process.exit(1), END_MS);
  });
// The pipes of an owner that was killed are broken.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
