import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { dataPathsOf, withDataFrom } from '../config/dataPaths.ts';
import type { RunConfig } from '../config/schema.ts';
import { isBelowFile, isMissing, isPresent, realPath } from '../platform/files.ts';
import { globOf } from '../platform/globs.ts';
import { runsFolder } from '../runs/home.ts';
import { AgentError } from './agentError.ts';
import type { AgentLab } from './context.ts';

/** Use of a path: files are read in the workspace and in the run store, and written in the workspace only. */
export type PathUse = 'read' | 'write';

type Places = Pick<AgentLab, 'workspace' | 'home'>;

/**
 * The absolute path of a file or folder that an agent names. Symbolic links are followed before the check, so a link in
 * the workspace does not lead out of it. A path with wildcards is checked by the folder before the first of them: what
 * is below a folder is listed without following links.
 * @throws AgentError for a path outside, which names the folders that are allowed
 */
export async function allowedPath(path: string, places: Places, use: PathUse): Promise<string> {
  const first = places.workspace[0];
  if (path.includes('\0')) throw new AgentError('A path cannot contain the character NUL. Give another path.');
  if (first === undefined && !isAbsolute(path))
    throw new AgentError(`"${path}" is relative, and no folder is open. Ask the user to open a folder.`);
  const absolute = resolve(first ?? '', path);
  const real = await existingPart((use === 'read' ? (await globOf(absolute))?.folder : undefined) ?? absolute);
  const roots = [...places.workspace, ...(use === 'read' ? [runsFolder(places.home)] : [])];
  // Nothing is written into the run store, even if it is in the workspace: its files have one writer.
  const isStore = use === 'write' && isWithin(await existingPart(resolve(places.home)), real ?? absolute);
  if (real !== undefined && !isStore)
    for (const root of roots) if (isWithin((await existingPart(resolve(root))) ?? root, real)) return absolute;
  throw outside(path, places, use);
}

/** Checks each path of a configuration that differs from another one. @throws as `allowedPath` */
export async function allowedConfig(config: RunConfig, places: Places, known?: RunConfig): Promise<RunConfig> {
  const whole = withDataFrom(places.workspace[0] ?? '/', config);
  const before = new Set(known === undefined ? [] : dataPathsOf(known).map(({ path }) => path));
  for (const { path } of dataPathsOf(whole)) if (!before.has(path)) await allowedPath(path, places, 'read');
  return whole;
}

/**
 * The folders that are in both lists, or within a folder of the other list. Symbolic links are followed, and folders
 * behind broken ones are left out: a link may have another target when the folder is used.
 */
export async function commonFolders(one: readonly string[], other: readonly string[]): Promise<string[]> {
  const real = async (paths: readonly string[]) =>
    (await Promise.all(paths.map(async (path) => existingPart(resolve(path))))).filter((path) => path !== undefined);
  const [a, b] = [await real(one), await real(other)];
  const inside = [
    ...a.filter((path) => b.some((folder) => isWithin(folder, path))),
    ...b.filter((path) => a.some((folder) => isWithin(folder, path))),
  ];
  return [...new Set(inside)];
}

/**
 * A path whose existing part has no symbolic links; undefined if it leads through a broken link, whose target is not
 * known.
 */
async function existingPart(path: string): Promise<string | undefined> {
  try {
    return await realPath(path);
  } catch (error) {
    const parent = dirname(path);
    if (!(isMissing(error) || isBelowFile(error)) || parent === path || (await isPresent(path))) return undefined;
    const before = await existingPart(parent);
    return before === undefined ? undefined : join(before, basename(path));
  }
}

function isWithin(root: string | undefined, path: string): boolean {
  if (root === undefined) return false;
  const rest = relative(root, path);
  return rest === '' || (rest !== '..' && !/^\.\.[/\\]/.test(rest) && !isAbsolute(rest));
}

function outside(path: string, { workspace, home }: Places, use: PathUse): AgentError {
  const folders = [...workspace, ...(use === 'read' ? [runsFolder(home)] : [])];
  const where = use === 'read' ? 'read' : 'written';
  return new AgentError(
    `"${path}" is outside of the folders in which files may be ${where}: ${folders.join(', ') || 'none'}. Give a path inside, or ask the user to add the folder to the workspace.`,
  );
}
