import { existsSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFromWheel, downloadBinding, removeBinding } from '../../src/native/binding.ts';
import { downloadHost, isReachable } from '../../src/native/install.ts';
import { NativeError } from '../../src/native/nativePackage.ts';
import { proveNative } from '../../src/native/prove.ts';
import { WHEEL_VERSION } from '../../src/native/wheel.ts';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { root } from './paths.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

/** Where `@tensorflow/tfjs-node` lies in the clone. */
export const tensorflowPackage = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const buildName = `tfjs-node-4.22.0-tensorflow-${WHEEL_VERSION}-${process.platform}-${process.arch}`;

/** The version of TensorFlow that the binding in node_modules runs, or undefined and the reason on screen. */
async function loadedVersion(): Promise<string | undefined> {
  try {
    return (await proveNative(tensorflowPackage)).tensorflow;
  } catch (error) {
    if (!(error instanceof NativeError)) throw error;
    console.log(`@tensorflow/tfjs-node does not load: ${error.message}`);
    return undefined;
  }
}

/** npm leaves an optional package out when its install script fails; this brings its JavaScript back. */
async function ensurePackage(): Promise<void> {
  if (existsSync(join(tensorflowPackage, 'package.json'))) return;
  await run('npm', ['install', '--no-save', '--ignore-scripts', '--loglevel=error']);
  await run('npm', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
}

/** Compiles the binding and puts it into `folder` beside the libraries it needs, as `$ORIGIN/../../deps/lib`. */
async function buildBinding(folder: string): Promise<void> {
  await ensureDebianPackages(['python3', 'python3-pip', 'g++', 'make'], 'to compile the binding of TensorFlow');
  await buildFromWheel({ packageFolder: tensorflowPackage, deps: join(folder, 'deps'), gpu: false, say: console.log });
  await cp(join(tensorflowPackage, 'lib'), join(folder, 'lib'), { recursive: true });
}

async function linkBinding(folder: string): Promise<void> {
  await removeBinding(tensorflowPackage);
  for (const name of ['deps', 'lib']) await symlink(join(folder, name), join(tensorflowPackage, name));
}

async function makeBinding(): Promise<string> {
  await ensurePackage();
  const present = await loadedVersion();
  if (present !== undefined) return present;
  if (await isReachable(downloadHost)) {
    console.log('Downloading libtensorflow ...');
    await downloadBinding(tensorflowPackage).catch((error: unknown) =>
      console.log(`The download failed: ${String(error)}`),
    );
    const downloaded = await loadedVersion();
    if (downloaded !== undefined) return downloaded;
  }
  const folder = await cached(buildName, buildBinding);
  await linkBinding(folder);
  const built = await loadedVersion();
  if (built !== undefined) return built;
  throw new Error(`The binding in ${folder} does not load. Delete that folder and run "npm run native" again.`);
}

/**
 * Makes `@tensorflow/tfjs-node` loadable in node_modules and returns the version of TensorFlow it runs on.
 *
 * The package's own way is to download libtensorflow and a binding. Where that host cannot be reached the binding is
 * compiled against the libtensorflow of the Python wheel, once a machine: the result is kept in the cache folder and
 * only linked into the clone.
 *
 * @throws Unavailable if neither works
 */
export async function ensureTensorflow(): Promise<string> {
  return orUnavailable('native TensorFlow cannot be made', makeBinding);
}
