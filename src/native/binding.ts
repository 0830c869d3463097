import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NativeError } from './nativePackage.ts';
import { runCommand } from './runCommand.ts';
import { downloadWheel, unpackWheel } from './wheel.ts';

/** Native part of `@tensorflow/tfjs-node`: libtensorflow in `deps/`, and the binding to it in `lib/`. */

/** Removes the native part of a package, downloaded or compiled. */
export async function removeBinding(packageFolder: string): Promise<void> {
  for (const name of ['deps', 'lib', 'build', 'build-tmp-napi-v8'])
    await rm(join(packageFolder, name), { recursive: true, force: true });
}

/** Runs the install script of the package, which downloads libtensorflow and a binding. @throws CommandFailed */
export async function downloadBinding(packageFolder: string): Promise<void> {
  await removeBinding(packageFolder);
  await runCommand('npm', ['run', 'install', '--loglevel=error'], { cwd: packageFolder });
}

export interface WheelBuild {
  /** Folder of `@tensorflow/tfjs-node`. */
  readonly packageFolder: string;
  /** Destination of the libraries: the `deps` of the package, or a folder that its `deps` will link to. */
  readonly deps: string;
  /** Path of a wheel; if undefined, pip downloads it. */
  readonly wheel?: string | undefined;
  readonly gpu: boolean;
  /** Receives a message at the start of each step. */
  readonly onProgress: (text: string) => void;
}

/**
 * Compiles the binding against the libtensorflow of a Python wheel.
 * @throws NativeError if the wheel is unsuitable or the compilation fails
 */
export async function buildFromWheel({ packageFolder, deps, wheel, gpu, onProgress }: WheelBuild): Promise<void> {
  await removeBinding(packageFolder);
  await rm(deps, { recursive: true, force: true });
  await mkdir(dirname(deps), { recursive: true });
  const unpacked = await mkdtemp(join(dirname(deps), 'wheel-'));
  try {
    if (wheel === undefined) onProgress('Downloading libtensorflow as a Python wheel ...');
    await stageLibtensorflow(await unpackWheel(wheel ?? (await downloadWheel(unpacked, gpu)), unpacked), deps);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
  if (deps !== join(packageFolder, 'deps')) await symlink(deps, join(packageFolder, 'deps'));
  onProgress('Compiling the binding ...');
  const headers = nodeHeaders();
  await runCommand('npm', ['run', 'build-addon-from-source', '--loglevel=error'], {
    cwd: packageFolder,
    ...(headers === undefined ? {} : { env: { npm_config_nodedir: headers } }),
    quiet: true,
  }).catch((error: unknown) => {
    throw new NativeError(
      `Could not compile the binding. Install python3, make and a C++ compiler (on Debian: g++). ${String(error)}`,
      { cause: error },
    );
  });
  await rm(join(deps, 'include'), { recursive: true });
}

/** Moves the files of the wheel to where binding.gyp expects an unpacked libtensorflow. */
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

/**
 * Returns the folder that contains `include/node` of the running Node, which saves node-gyp a download, or undefined if
 * it has no headers. The binding's interface does not depend on the version of Node.
 */
function nodeHeaders(): string | undefined {
  const folder = dirname(dirname(process.execPath));
  return existsSync(join(folder, 'include', 'node', 'node_api.h')) ? folder : undefined;
}
