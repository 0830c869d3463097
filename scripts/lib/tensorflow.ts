import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { ensureDebianPackages } from './debian.ts';
import { nodeHeaders, root } from './paths.ts';
import { isReachable } from './reachable.ts';
import { CommandFailed, run } from './run.ts';
import { orUnavailable } from './unavailable.ts';
import { unpackTensorflowWheel, WHEEL_VERSION } from './tensorflowWheel.ts';

/** Where `@tensorflow/tfjs-node` lies in the clone. */
export const tensorflowPackage = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const checkProgram = join(import.meta.dirname, 'nativeCheck.ts');
const downloadHost = 'https://storage.googleapis.com/';
const buildName = `tfjs-node-4.22.0-tensorflow-${WHEEL_VERSION}-${process.platform}-${process.arch}`;

/** The version of TensorFlow that the binding in node_modules runs, or undefined and the reason on screen. */
async function loadedVersion(): Promise<string | undefined> {
  try {
    return (await run(process.execPath, [checkProgram, tensorflowPackage], { quiet: true })).trim();
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const reason = error.message.split('\n').find((line) => line.startsWith('Error: ')) ?? error.message;
    console.log(`@tensorflow/tfjs-node does not load: ${reason.replace(/^Error: /, '')}`);
    return undefined;
  }
}

/** npm leaves an optional package out when its install script fails; this brings its JavaScript back. */
async function ensurePackage(): Promise<void> {
  if (existsSync(join(tensorflowPackage, 'package.json'))) return;
  await run('npm', ['install', '--no-save', '--ignore-scripts', '--loglevel=error']);
  await run('npm', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
}

async function removeBinding(): Promise<void> {
  for (const name of ['deps', 'lib', 'build', 'build-tmp-napi-v8']) await rm(join(tensorflowPackage, name), { recursive: true, force: true });
}

async function downloadBinding(): Promise<void> {
  console.log('Downloading libtensorflow ...');
  await removeBinding();
  await run(process.execPath, ['scripts/install.js'], { cwd: tensorflowPackage });
}

/** Lays the wheel's files out as binding.gyp expects an unpacked libtensorflow. */
async function stageLibtensorflow(wheel: string, deps: string): Promise<void> {
  await mkdir(join(deps, 'lib'), { recursive: true });
  await rename(join(wheel, 'include'), join(deps, 'include'));
  for (const [name, link] of [
    ['libtensorflow_cc.so.2', 'libtensorflow.so'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  ] as const) {
    await rename(join(wheel, name), join(deps, 'lib', name));
    await symlink(name, join(deps, 'lib', link));
  }
}

/** Compiles the binding and puts it into `folder` beside the libraries it needs, as `$ORIGIN/../../deps/lib`. */
async function buildBinding(folder: string): Promise<void> {
  await ensureDebianPackages(['python3', 'python3-pip', 'g++', 'make']);
  const unpacked = await mkdtemp(join(folder, 'wheel-'));
  console.log(`Fetching libtensorflow from the Python wheel tensorflow-cpu ${WHEEL_VERSION} ...`);
  await stageLibtensorflow(await unpackTensorflowWheel(unpacked), join(folder, 'deps'));
  await removeBinding();
  await symlink(join(folder, 'deps'), join(tensorflowPackage, 'deps'));
  console.log('Compiling the binding ...');
  await run('npm', ['run', 'build-addon-from-source', '--loglevel=error'], {
    cwd: tensorflowPackage,
    env: { npm_config_nodedir: nodeHeaders },
    quiet: true,
  });
  await cp(join(tensorflowPackage, 'lib'), join(folder, 'lib'), { recursive: true });
  await rm(join(folder, 'deps', 'include'), { recursive: true });
  await rm(unpacked, { recursive: true });
}

async function linkBinding(folder: string): Promise<void> {
  await removeBinding();
  for (const name of ['deps', 'lib']) await symlink(join(folder, name), join(tensorflowPackage, name));
}

async function makeBinding(): Promise<string> {
  await ensurePackage();
  const present = await loadedVersion();
  if (present !== undefined) return present;
  if (await isReachable(downloadHost)) {
    await downloadBinding().catch((error: unknown) => console.log(`The download failed: ${String(error)}`));
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
