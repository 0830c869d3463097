import { type CommandOptions, runCommand } from '../../src/native/runCommand.ts';
import { root } from './paths.ts';

export { CommandFailed } from '../../src/native/runCommand.ts';

/**
 * Runs a command until it exits, in the clone unless `cwd` is set, and returns its stdout. Without `quiet`, the output
 * goes to the terminal and the result is empty.
 *
 * @throws CommandFailed with the last lines of its output
 */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return runCommand(command, args, { cwd: root, ...options });
}
