import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** Working directory; that of this process if it is left out. */
  readonly cwd?: string;
  /** Variables on top of this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Show nothing unless it fails, and then the last lines. */
  readonly quiet?: boolean;
  /** Milliseconds after which the command is told to end (SIGTERM). */
  readonly timeout?: number;
}

/** A command ended with an exit code other than 0, or did not start. */
export class CommandFailed extends Error {
  constructor(words: readonly string[], why: string, output: string) {
    const tail = output.trimEnd().split('\n').slice(-30).join('\n');
    super(`"${words.join(' ')}" ${why}${tail === '' ? '' : `:\n${tail}`}`);
  }
}

/**
 * Runs a command to its end and returns what it wrote to stdout (empty unless `quiet`: then it is on screen).
 *
 * @throws CommandFailed with the last lines of its output
 */
export function runCommand(
  command: string,
  words: readonly string[],
  { cwd, env, quiet = false, timeout }: CommandOptions = {},
): Promise<string> {
  const child = spawn(command, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeout === undefined ? {} : { timeout }),
    shell: process.platform === 'win32' && !command.endsWith('.exe'),
  });
  let stdout = '';
  let everything = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    everything += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    everything += text;
  });
  return new Promise((resolve, reject) => {
    const all = [command, ...words];
    child.on('error', (error) => reject(new CommandFailed(all, `does not start (${error.message})`, '')));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(all, `ended with ${signal ?? `code ${code}`}`, everything));
    });
  });
}
