import { startThread } from '../platform/threads.ts';
import { workerEntry } from './workerThread.ts';

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
  process.send?.(message);
});
// The error that ended the thread goes to standard error, from which the owner takes the reason.
worker.on('error', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exitCode = 1;
});
worker.on('exit', (code) => {
  process.exit(process.exitCode ?? code);
});
// The owner has exited: stop training.
process.on('disconnect', () => {
  process.exit();
});
