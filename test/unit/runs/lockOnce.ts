import { disk } from '../../../src/platform/files.ts';
import { RunLock, RunLockedError } from '../../../src/runs/lock.ts';

/** Requests the lock of a run when it receives a message, sends the result, and holds the lock until it is ended. */
process.send?.('ready');
process.once('message', () => {
  void RunLock.acquire(process.argv[2] ?? '', disk).then(
    () => process.send?.('held'),
    (error: unknown) => process.send?.(error instanceof RunLockedError ? error.code : String(error)),
  );
});
process.once('disconnect', () => process.exit());
