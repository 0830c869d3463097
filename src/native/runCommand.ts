import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** Working directory; defaults to that of this process. */
  readonly cwd?: string;
  /** Environment variables in addition to those of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Captures the output instead of showing it; an error contains its last lines. */
  readonly quiet?: boolean;
  /** Milliseconds after which the command is terminated with SIGTERM. */
  readonly timeout?: number;
}

/** Error for a command that exited with a code other than 0 or did not start. */
export class CommandFailed extends Error {
  constructor(commandLine: readonly string[], reason: string, output: string) {
    const tail = output.trimEnd().split('\n').slice(-30).join('\n');
    super(`"${commandLine.join(' ')}" ${reason}${tail === '' ? '' : `:\n${tail}`}`);
  }
}

/**
 * Runs a command and waits for its exit. Returns its stdout if `quiet`, otherwise shows the output and returns ''.
 * @throws CommandFailed with the last lines of its output
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, quiet = false, timeout }: CommandOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeout === undefined ? {} : { timeout }),
    shell: process.platform === 'win32' && !command.endsWith('.exe'),
  });
  let stdout = '';
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    const commandLine = [command, ...args];
    child.on('error', (error) => reject(new CommandFailed(commandLine, `could not start (${error.message})`, '')));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(commandLine, `exited with ${signal ?? `code ${code}`}`, output));
    });
  });
}
