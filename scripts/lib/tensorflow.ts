import { existsSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFromWheel, downloadBinding, removeBinding } from '../../src/native/binding.ts';
import { downloadHost, isReachable } from '../../src/native/install.ts';
import { NativeError } from '../../src/native/nativePackage.ts';
import { verifyNative } from '../../src/native/verify.ts';
import { WHEEL_VERSION } from '../../src/native/wheel.ts';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { root } from './paths.ts';
import { run } from './run.ts';
import { orUnavailable } from './unavailable.ts';

/** Folder of `@tensorflow/tfjs-node` in the clone. */
export const tensorflowPackage = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const buildName = `tfjs-node-4.22.0-tensorflow-${WHEEL_VERSION}-${process.platform}-${process.arch}`;

/** Returns the TensorFlow version of the binding in node_modules; undefined, with the reason printed, if it fails. */
async function loadedVersion(): Promise<string | undefined> {
  try {
    return (await verifyNative(tensorflowPackage)).tensorflow;
  } catch (error) {
    if (!(error instanceof NativeError)) throw error;
    console.log(`@tensorflow/tfjs-node does not load: ${error.message}`);
    return undefined;
  }
}

/** Installs the JavaScript of the package, which npm omits if the install script of an optional package fails. */
async function ensurePackage(): Promise<void> {
  if (existsSync(join(tensorflowPackage, 'package.json'))) return;
  await run('npm', ['install', '--no-save', '--ignore-scripts', '--loglevel=error']);
  await run('npm', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
}

/** Compiles the binding into `folder`, with its libraries at `$ORIGIN/../../deps/lib`. */
async function buildBinding(folder: string): Promise<void> {
  await ensureDebianPackages(['python3', 'python3-pip', 'g++', 'make'], 'to compile the binding of TensorFlow');
  await buildFromWheel({
    packageFolder: tensorflowPackage,
    deps: join(folder, 'deps'),
    gpu: false,
    onProgress: console.log,
  });
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
 * Makes `@tensorflow/tfjs-node` loadable in node_modules and returns its TensorFlow version.
 *
 * The package normally downloads libtensorflow and a binding. If that host cannot be reached, the binding is compiled
 * against the libtensorflow of the Python wheel, once per machine: the result is stored in the cache folder and linked
 * into the clone.
 *
 * @throws Unavailable if neither works
 */
export async function ensureTensorflow(): Promise<string> {
  return orUnavailable('native TensorFlow cannot be made', makeBinding);
}
