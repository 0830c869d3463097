import { dirname, join } from 'node:path';
import { pathOf, requireFrom } from '../platform/system.ts';
import { exists } from '../platform/files.ts';
import type { BackendEnvironment } from './backend.ts';

/** The build for this platform, in a folder of the npm package `webgpu`. */
const BUILD = join(
  'dist',
  `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`,
  'dawn.node',
);

/**
 * The addon that gives WebGPU to Node: beside the bundle, where a package for one platform carries it, installed in our
 * own home, or as the npm package `webgpu` beside the extension. Never in the workspace, whose files are not ours to
 * run.
 */
export function findDawn({ home }: BackendEnvironment): string | undefined {
  const bundled = join(dirname(pathOf(import.meta.url)), 'dawn', 'dawn.node');
  const installed = join(home, 'webgpu', 'node_modules', 'webgpu', BUILD);
  return [bundled, installed, besideExtension()].find((path) => path !== undefined && exists(path));
}

function besideExtension(): string | undefined {
  try {
    return join(dirname(requireFrom(import.meta.url).resolve('webgpu')), BUILD);
  } catch {
    return undefined;
  }
}
