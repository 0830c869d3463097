import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { BackendEnvironment } from './backend.ts';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/**
 * The folder of an installed tfjs-node: where the setting points, in our own home, or beside the
 * extension. Never in the workspace, whose files are not ours to run.
 */
export function findTensorflow({ home, tensorflowPath }: BackendEnvironment): string | undefined {
  if (tensorflowPath !== '') return isPackage(tensorflowPath) ? tensorflowPath : undefined;
  const installed = PACKAGES.map((name) => join(home, 'native', 'node_modules', name)).find(isPackage);
  return installed ?? PACKAGES.map(besideExtension).find((folder) => folder !== undefined);
}

function isPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json'));
}

function besideExtension(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
