import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

const VERSION = '1.30.0';
const PACKAGE = `onnxruntime-node@${VERSION}`;

/** A tensor of onnxruntime. */
export interface OrtTensor {
  readonly data: Float32Array | BigInt64Array | Int32Array;
  readonly dims: readonly number[];
}

interface ValueMetadata {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

interface OrtSession {
  readonly inputMetadata: readonly ValueMetadata[];
  readonly run: (feeds: Readonly<Record<string, OrtTensor>>) => Promise<Readonly<Record<string, OrtTensor>>>;
  readonly release: () => Promise<void>;
}

/** What the tests use of the package. */
export interface Ort {
  readonly InferenceSession: {
    readonly create: (model: Uint8Array, options: { readonly logSeverityLevel: number }) => Promise<OrtSession>;
  };
  readonly Tensor: new (type: string, data: OrtTensor['data'], dims: readonly number[]) => OrtTensor;
}

/** Installs onnxruntime for Node.js in the cache folder, and loads it. @throws Unavailable if it cannot be installed */
export async function ensureOnnxNode(): Promise<Ort> {
  const create = async (folder: string): Promise<void> => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
    const install = ['install', PACKAGE, '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
    await run('npm', install, { cwd: folder, quiet: true });
  };
  return orUnavailable('onnxruntime for Node.js cannot be installed', async () => {
    const folder = await cached(`onnxruntime-node-${VERSION}`, create);
    return createRequire(join(folder, 'index.js'))('onnxruntime-node') as Ort;
  });
}
