import { spawn } from 'node:child_process';
import { root } from './paths.ts';

export interface RunOptions {
  /** Working directory; the clone if it is left out. */
  cwd?: string;
  /** Variables on top of this process's own. */
  env?: NodeJS.ProcessEnv;
  /** Show nothing unless it fails, and then the last lines. */
  quiet?: boolean;
  /** Milliseconds after which the command is told to end (SIGTERM). */
  timeout?: number;
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
export function run(command: string, words: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd = root, env, quiet = false, timeout } = options;
  const child = spawn(command, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
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
