import { type CommandOptions, runCommand } from '../../src/native/runCommand.ts';
import { root } from './paths.ts';

export { CommandFailed } from '../../src/native/runCommand.ts';

/**
 * Runs a command to its end, in the clone unless `cwd` names another folder, and returns what it wrote to stdout (empty
 * unless `quiet`: then it is on screen).
 *
 * @throws CommandFailed with the last lines of its output
 */
export function run(command: string, words: readonly string[], options: CommandOptions = {}): Promise<string> {
  return runCommand(command, words, { cwd: root, ...options });
}
