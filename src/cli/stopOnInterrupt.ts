import { ExitCode } from './exitCodes.ts';

/** A signal that is aborted when the command is to end, and a function that removes the listeners. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Removes the listeners. @returns the exit code of an interrupted command; undefined for one that ends by itself */
  release(): number | undefined;
}

/**
 * Stops a run or a sweep at the first interrupt, when its terminal is closed, or when its output cannot be written. A
 * second interrupt ends the process immediately; the trainers of a sweep then end their runs with checkpoints.
 */
export function stopOnInterrupt(): Stop {
  const controller = new AbortController();
  let code: number | undefined;
  const stopWith = (reason: number) => {
    code ??= reason;
    controller.abort();
  };
  const onInterrupt = () => {
    if (code !== undefined) process.exit(code);
    stopWith(ExitCode.interrupted);
  };
  // A closed terminal sends SIGHUP, and then takes no more output.
  const onClosed = () => stopWith(ExitCode.interrupted);
  const onOutputClosed = () => stopWith(ExitCode.outputClosed);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  process.on('SIGHUP', onClosed);
  process.on('SIGPIPE', onOutputClosed);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
      process.off('SIGHUP', onClosed);
      return code;
    },
  };
}
