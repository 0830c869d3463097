import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NativeError } from './nativePackage.ts';
import { runCommand } from './runCommand.ts';
import { downloadWheel, unpackWheel } from './wheel.ts';

/** The native part of `@tensorflow/tfjs-node`: libtensorflow in `deps/`, and the binding to it in `lib/`. */

/** What the package, or a build of ours, left of it in a folder. */
export async function removeBinding(packageFolder: string): Promise<void> {
  for (const name of ['deps', 'lib', 'build', 'build-tmp-napi-v8'])
    await rm(join(packageFolder, name), { recursive: true, force: true });
}

/** Lets the package do as its makers meant it to: download libtensorflow and a binding. @throws CommandFailed */
export async function downloadBinding(packageFolder: string): Promise<void> {
  await removeBinding(packageFolder);
  await runCommand('npm', ['run', 'install', '--loglevel=error'], { cwd: packageFolder });
}

export interface WheelBuild {
  /** The folder of `@tensorflow/tfjs-node`. */
  readonly packageFolder: string;
  /** Where the libraries are laid, as the `deps` of the package or for its `deps` to point to. */
  readonly deps: string;
  /** Path of a wheel; without one, pip fetches it. */
  readonly wheel?: string | undefined;
  readonly gpu: boolean;
  /** Hears what is being done. */
  readonly say: (text: string) => void;
}

/**
 * Compiles the binding against the libtensorflow of a Python wheel.
 * @throws NativeError for a wheel that does not fit; CommandFailed with the compiler's words
 */
export async function buildFromWheel({ packageFolder, deps, wheel, gpu, say }: WheelBuild): Promise<void> {
  await removeBinding(packageFolder);
  await rm(deps, { recursive: true, force: true });
  await mkdir(dirname(deps), { recursive: true });
  const unpacked = await mkdtemp(join(dirname(deps), 'wheel-'));
  try {
    if (wheel === undefined) say('Fetching libtensorflow in a Python wheel ...');
    await stageLibtensorflow(await unpackWheel(wheel ?? (await downloadWheel(unpacked, gpu)), unpacked), deps);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
  if (deps !== join(packageFolder, 'deps')) await symlink(deps, join(packageFolder, 'deps'));
  say('Compiling the binding ...');
  const headers = nodeHeaders();
  await runCommand('npm', ['run', 'build-addon-from-source', '--loglevel=error'], {
    cwd: packageFolder,
    ...(headers === undefined ? {} : { env: { npm_config_nodedir: headers } }),
    quiet: true,
  }).catch((error: unknown) => {
    throw new NativeError(
      `The binding could not be compiled; it takes python3, make and a C++ compiler (on Debian: g++). ${String(error)}`,
      { cause: error },
    );
  });
  await rm(join(deps, 'include'), { recursive: true });
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

/**
 * The folder above `include/node` of the Node that runs this, which spares node-gyp a download; undefined where it has
 * none. The binding's interface does not depend on the version of Node.
 */
function nodeHeaders(): string | undefined {
  const folder = dirname(dirname(process.execPath));
  return existsSync(join(folder, 'include', 'node', 'node_api.h')) ? folder : undefined;
}
