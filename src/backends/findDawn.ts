import { dirname, join } from 'node:path';
import { pathOf, requireFrom } from '../platform/system.ts';
import { exists } from '../platform/files.ts';
import type { BackendEnvironment } from './backend.ts';

/** Path of the build for this platform within the npm package `webgpu`. */
const BUILD = join(
  'dist',
  `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`,
  'dawn.node',
);

/**
 * Path of the addon that provides WebGPU in Node: next to the bundle (in a package for one platform), installed in the
 * shared folder, or from the npm package `webgpu` of the extension. The workspace is never searched, because its files
 * are not trusted.
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
