import * as l10n from '@vscode/l10n';
import { delimiter, isAbsolute, join } from 'node:path';
import { runProgram } from '../../platform/threads.ts';
import { isProgram } from '../../platform/files.ts';

/** The oldest major version of Node that the built programs run on. */
export const OLDEST_NODE = 20;
/** Time limit for asking a program for its version, in milliseconds; version managers are slow. */
const DEFAULT_TIMEOUT = 10_000;

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
      missing: l10n.t(
        'sequenceLab.nodePath is "{0}", which is not the absolute path of a program; set sequenceLab.nodePath to a Node of version {1} or later, or leave it empty to use the one on the PATH',
        nodePath,
        OLDEST_NODE,
      ),
    };
  }
  const program = await onPath(searchPath ?? '');
  if (program !== undefined) return ask(program, timeout);
  return {
    missing: l10n.t(
      'WebGPU needs Node outside of VS Code, but there is none on the PATH; install Node, or set sequenceLab.nodePath to a Node of version {0} or later',
      OLDEST_NODE,
    ),
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
  if (answer === 'late')
    return {
      missing: l10n.t(
        '"{0}" did not report its version within {1} s; set sequenceLab.nodePath to a Node of version {2} or later',
        program,
        timeout / 1000,
        OLDEST_NODE,
      ),
    };
  if (answer === 'no version')
    return {
      missing: l10n.t(
        '"{0}" did not report a version of Node; set sequenceLab.nodePath to a Node of version {1} or later',
        program,
        OLDEST_NODE,
      ),
    };
  const { version, electron } = answer;
  if (electron)
    return {
      missing: l10n.t(
        '"{0}" is Electron, in which WebGPU does not work; set sequenceLab.nodePath to a Node of version {1} or later',
        program,
        OLDEST_NODE,
      ),
    };
  if (Number(version.split('.')[0]) < OLDEST_NODE)
    return {
      missing: l10n.t(
        '"{0}" is Node {1}, which is too old; set sequenceLab.nodePath to a Node of version {2} or later',
        program,
        version,
        OLDEST_NODE,
      ),
    };
  return { program, version };
}

type Answer = { readonly version: string; readonly electron: boolean } | 'late' | 'no version';

/** The versions that a program reports. The environment variable keeps Electron from opening a window. */
async function versionsOf(program: string, timeout: number): Promise<Answer> {
  const { output, failed, timedOut } = await runProgram(
    program,
    ['-p', 'JSON.stringify([process.versions.node, process.versions.electron])'],
    { milliseconds: timeout, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  );
  if (timedOut) return 'late';
  // A version manager may print something before the answer.
  const [, version, electron] = /^\["(\d+\.\d+\.\d+[^"]*)",(null|"[^"]*")\]$/m.exec(output) ?? [];
  // eslint-disable-next-line lab/translated -- a result, not text
  if (failed || version === undefined) return 'no version';
  return { version, electron: electron !== 'null' };
}
