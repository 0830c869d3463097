import { join } from 'node:path';

/** Version of the packages, fixed because the kernels use their internal interfaces. */
export const PACKAGE_VERSION = '4.22.0';

export function packageName(gpu: boolean): string {
  return gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}

/** Folder in which native TensorFlow is installed and found. */
export function nativeFolder(home: string): string {
  return join(home, 'native');
}

export function packageFolder(folder: string, gpu: boolean): string {
  return join(folder, 'node_modules', ...packageName(gpu).split('/'));
}

/** Error for native TensorFlow that could not be installed, loaded or removed, with the reason and what to do. */
export class NativeError extends Error {
  override readonly name = 'NativeError';
}
