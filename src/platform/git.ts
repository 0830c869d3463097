import { runProgram } from './threads.ts';

/** Time limit of each of the two calls of git, in milliseconds. */
const LIMIT = 2000;

/** Version of the files of a folder under git. */
export interface WorkspaceVersion {
  /** Hash of the commit that is checked out. */
  readonly commit: string;
  /** Whether files differ from it or are not in it; null if git did not say so in time. */
  readonly dirty: boolean | null;
}

/**
 * The commit of a folder under git. Git may run programs that the repository's configuration names, so call it for
 * trusted folders only.
 * @returns null if there is no repository, no commit or no git, or if git does not answer in time
 */
export async function workspaceVersion(folder: string): Promise<WorkspaceVersion | null> {
  const ask = async (...args: string[]) =>
    runProgram('git', ['-C', folder, '-c', 'core.fsmonitor=false', ...args], {
      milliseconds: LIMIT,
      // A status must not wait for, or hold, the lock of the index.
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    });
  const [head, status] = await Promise.all([ask('rev-parse', '--verify', 'HEAD'), ask('status', '--porcelain')]);
  const commit = head.output.trim();
  if (head.failed || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  return { commit, dirty: status.failed ? null : status.output.trim() !== '' };
}
