import { textOf } from '../phrases/causes.ts';
import { say } from '../phrases/phrase.ts';
import { ExitCode } from './exitCodes.ts';

/** Whether an error of an output has been reported: each later write fails in the same way. */
let isReported = false;

/**
 * Listener for errors of standard output. If its reader has gone, as with `| head`, the process ends quietly, like one
 * that SIGPIPE ends (exit code 128 + 13). Any other error, such as a full disk, is reported in one line and ends the
 * process too. A command that must end in order listens to `SIGPIPE`.
 */
export function endWithReader(error: NodeJS.ErrnoException): void {
  const isClosed = error.code === 'EPIPE';
  if (!isClosed && !isReported) {
    isReported = true;
    process.stderr.write(`The output cannot be written, so the command ends. ${say(textOf(error))}\n`);
  }
  if (!process.emit('SIGPIPE', 'SIGPIPE')) process.exit(isClosed ? ExitCode.outputClosed : ExitCode.failed);
}
