import { visible } from '../format/visible.ts';

/**
 * Output on a terminal. Names of files, labels and texts come from elsewhere: their control characters are shown, not
 * obeyed.
 */

/** An output whose texts can be changed before they are written. */
type Output = Pick<NodeJS.WriteStream, 'write'>;

/** Shows control characters in everything that is written to an output as text. */
export function showControls(output: Output): void {
  const write = output.write.bind(output) as (...args: unknown[]) => boolean;
  output.write = (...[data, ...rest]: unknown[]) => write(typeof data === 'string' ? visible(data) : data, ...rest);
}

/** Standard error as it was before `showControls`, for the progress bar, which moves the cursor. */
export const barOutput: NodeJS.WriteStream = Object.create(process.stderr, {
  write: { value: process.stderr.write.bind(process.stderr) },
}) as NodeJS.WriteStream;

/** Whether standard output is a terminal that moves its cursor. */
export function isInteractive({ isTTY }: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return isTTY === true && environment['TERM'] !== 'dumb';
}
