import { dirname, join } from 'node:path';
import { requireFrom } from '../platform/system.ts';
import { existsHere } from '../platform/files.ts';
import type { BackendEnvironment } from './backend.ts';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/**
 * The folder of an installed tfjs-node: where the setting points, in the shared folder, or next to the extension. The
 * workspace is never searched, because its files are not trusted.
 */
export function findTensorflow({ home, tensorflowPath }: BackendEnvironment): string | undefined {
  if (tensorflowPath !== '') return isPackage(tensorflowPath) ? tensorflowPath : undefined;
  const installed = PACKAGES.map((name) => join(home, 'native', 'node_modules', name)).find(isPackage);
  return installed ?? PACKAGES.map(besideExtension).find((folder) => folder !== undefined);
}

function isPackage(folder: string): boolean {
  return existsHere(join(folder, 'package.json'));
}

function besideExtension(name: string): string | undefined {
  try {
    return dirname(requireFrom(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
