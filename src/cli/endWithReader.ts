import { ExitCode } from './exitCodes.ts';

/**
 * Listener for errors of an output stream. If the reader of the output has gone, as with `| head`, the process ends
 * quietly, like one that SIGPIPE ends (exit code 128 + 13). A command that must end in order listens to `SIGPIPE`.
 * @throws any other error
 */
export function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  if (!process.emit('SIGPIPE', 'SIGPIPE')) process.exit(ExitCode.outputClosed);
}
