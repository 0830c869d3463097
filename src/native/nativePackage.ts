import { join } from 'node:path';

/** Version of the packages; the kernels call what is beneath them by name. */
export const PACKAGE_VERSION = '4.22.0';

export function packageName(gpu: boolean): string {
  return gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}

/** Where the product installs native TensorFlow, and looks for it. */
export function nativeFolder(home: string): string {
  return join(home, 'native');
}

export function packageFolder(folder: string, gpu: boolean): string {
  return join(folder, 'node_modules', ...packageName(gpu).split('/'));
}

/** Native TensorFlow could not be installed, loaded or removed; the message says why, and what to do. */
export class NativeError extends Error {
  override readonly name = 'NativeError';
}
