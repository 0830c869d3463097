import { delimiter, isAbsolute, join } from 'node:path';
import { runProgram } from '../../platform/threads.ts';
import { isProgram } from '../../platform/files.ts';

/** The oldest Node that the built programs run on. */
export const OLDEST_NODE = 20;
/** Milliseconds that a program has for saying which Node it is; version managers take their time. */
const PATIENCE = 10_000;
const ADVICE = `set sequenceLab.nodePath to a Node of version ${OLDEST_NODE} or later`;

/** A Node that can run the trainer, or why there is none and what to do about it. */
export type FoundNode = { readonly program: string; readonly version: string } | { readonly missing: string };

export interface NodeSearch {
  /** The setting `sequenceLab.nodePath`; empty takes the first `node` on the search path. */
  readonly nodePath: string;
  /** Folders with the system's delimiter between, as PATH has them. */
  readonly searchPath?: string | undefined;
  /** Milliseconds that a program has for its answer. */
  readonly patience?: number;
}

/**
 * How to find the Node that a trainer needs in place of its owner's. Electron keeps memory from outside of V8's sandbox
 * away from JavaScript, which Dawn cannot do without: WebGPU leaves it, and goes where the setting says, if it says
 * anything. So does a run whose backend is chosen by timing, where the setting names a Node: then WebGPU can be timed.
 * @returns undefined where the owner's own will do
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
 * Looks for a Node and asks it for its version. What is found is never older than `OLDEST_NODE`, and never Electron.
 */
export async function findNode({
  nodePath,
  searchPath = process.env['PATH'],
  patience = PATIENCE,
}: NodeSearch): Promise<FoundNode> {
  if (nodePath !== '') {
    if (isAbsolute(nodePath) && (await isProgram(nodePath))) return ask(nodePath, patience);
    return {
      missing: `sequenceLab.nodePath is "${nodePath}", which is not the absolute path of a program; ${ADVICE}, or leave it empty to take the one on the PATH`,
    };
  }
  const program = await onPath(searchPath ?? '');
  if (program !== undefined) return ask(program, patience);
  return {
    missing: `WebGPU needs a Node outside of VS Code, and there is none on the PATH; install one, or ${ADVICE}`,
  };
}

/**
 * The first `node` in the folders of a search path. One that is relative would depend on where VS Code was started, and
 * is passed over.
 */
async function onPath(searchPath: string): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of searchPath.split(delimiter).filter(isAbsolute)) {
    const program = join(folder, name);
    if (await isProgram(program)) return program;
  }
  return undefined;
}

async function ask(program: string, patience: number): Promise<FoundNode> {
  const answer = await versionsOf(program, patience);
  if ('problem' in answer) return { missing: `"${program}" ${answer.problem}; ${ADVICE}` };
  const { version, electron } = answer;
  if (electron) return { missing: `"${program}" is Electron, in which WebGPU does not work; ${ADVICE}` };
  if (Number(version.split('.')[0]) < OLDEST_NODE)
    return { missing: `"${program}" is Node ${version}, which is too old; ${ADVICE}` };
  return { program, version };
}

type Answer = { readonly version: string; readonly electron: boolean } | { readonly problem: string };

/** What a program says of itself. Electron would open a window, unless it is told to be a Node. */
async function versionsOf(program: string, patience: number): Promise<Answer> {
  const { output, failed, timedOut } = await runProgram(
    program,
    ['-p', 'JSON.stringify([process.versions.node, process.versions.electron])'],
    { milliseconds: patience, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  );
  if (timedOut) return { problem: `did not say which Node it is within ${patience / 1000} s` };
  // A version manager may print something before the answer.
  const [, version, electron] = /^\["(\d+\.\d+\.\d+[^"]*)",(null|"[^"]*")\]$/m.exec(output) ?? [];
  if (failed || version === undefined) return { problem: 'does not answer as Node does' };
  return { version, electron: electron !== 'null' };
}
