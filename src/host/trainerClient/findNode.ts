import { delimiter, isAbsolute, join } from 'node:path';
import { runProgram } from '../../platform/threads.ts';
import { isProgram } from '../../platform/files.ts';

/** The oldest major version of Node that the built programs run on. */
export const OLDEST_NODE = 20;
/** Time limit for asking a program for its version, in milliseconds; version managers are slow. */
const DEFAULT_TIMEOUT = 10_000;
const ADVICE = `set sequenceLab.nodePath to a Node of version ${OLDEST_NODE} or later`;

/** A Node that can run the trainer, or the reason why there is none and how to fix that. */
export type FoundNode = { readonly program: string; readonly version: string } | { readonly missing: string };

export interface NodeSearch {
  /** The setting `sequenceLab.nodePath`; empty takes the first `node` on the search path. */
  readonly nodePath: string;
  /** Folders separated by the system's delimiter, like PATH. */
  readonly searchPath?: string | undefined;
  /** Time limit for the answer of a program, in milliseconds. */
  readonly timeout?: number;
}

/**
 * Search options for the Node that runs the trainer, if the owner's Node cannot. Electron's V8 sandbox excludes the
 * native memory that Dawn needs, so WebGPU runs in the Node that the setting names, or outside Electron. A run with the
 * backend `auto` uses the Node of the setting too, so that WebGPU can be timed.
 * @returns undefined if the owner's Node can run it
 */
export function otherNode(
  backend: string,
  nodePath: string,
  versions: NodeJS.ProcessVersions = process.versions,
): (() => Promise<FoundNode>) | undefined {
  const wanted =
    backend === 'webgpu'
      ? nodePath !== '' || versions['electron'] !== undefined
      : backend === 'auto' && nodePath !== '';
  if (!wanted) return undefined;
  return async () => findNode({ nodePath });
}

/**
 * Searches for a Node and asks it for its version. The result is never older than `OLDEST_NODE` and never Electron.
 */
export async function findNode({
  nodePath,
  searchPath = process.env['PATH'],
  timeout = DEFAULT_TIMEOUT,
}: NodeSearch): Promise<FoundNode> {
  if (nodePath !== '') {
    if (isAbsolute(nodePath) && (await isProgram(nodePath))) return ask(nodePath, timeout);
    return {
      missing: `sequenceLab.nodePath is "${nodePath}", which is not the absolute path of a program; ${ADVICE}, or leave it empty to use the one on the PATH`,
    };
  }
  const program = await onPath(searchPath ?? '');
  if (program !== undefined) return ask(program, timeout);
  return {
    missing: `WebGPU needs Node outside of VS Code, but there is none on the PATH; install Node, or ${ADVICE}`,
  };
}

/**
 * The first `node` in the folders of a search path. Relative folders are skipped, because they depend on where VS Code
 * was started.
 */
async function onPath(searchPath: string): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of searchPath.split(delimiter).filter(isAbsolute)) {
    const program = join(folder, name);
    if (await isProgram(program)) return program;
  }
  return undefined;
}

async function ask(program: string, timeout: number): Promise<FoundNode> {
  const answer = await versionsOf(program, timeout);
  if ('problem' in answer) return { missing: `"${program}" ${answer.problem}; ${ADVICE}` };
  const { version, electron } = answer;
  if (electron) return { missing: `"${program}" is Electron, in which WebGPU does not work; ${ADVICE}` };
  if (Number(version.split('.')[0]) < OLDEST_NODE)
    return { missing: `"${program}" is Node ${version}, which is too old; ${ADVICE}` };
  return { program, version };
}

type Answer = { readonly version: string; readonly electron: boolean } | { readonly problem: string };

/** The versions that a program reports. The environment variable keeps Electron from opening a window. */
async function versionsOf(program: string, timeout: number): Promise<Answer> {
  const { output, failed, timedOut } = await runProgram(
    program,
    ['-p', 'JSON.stringify([process.versions.node, process.versions.electron])'],
    { milliseconds: timeout, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  );
  if (timedOut) return { problem: `did not report its version within ${timeout / 1000} s` };
  // A version manager may print something before the answer.
  const [, version, electron] = /^\["(\d+\.\d+\.\d+[^"]*)",(null|"[^"]*")\]$/m.exec(output) ?? [];
  if (failed || version === undefined) return { problem: 'did not report a version of Node' };
  return { version, electron: electron !== 'null' };
}
