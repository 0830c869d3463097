import { UnusableError } from '../phrases/causes.ts';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NATIVE_REPORT_FILE, type NativeReport } from '../protocol/nativeBackends.ts';
import { buildFromWheel, downloadBinding } from './binding.ts';
import { nativeFolder, PACKAGE_VERSION, packageFolder, packageName, NativeError } from './nativePackage.ts';
import { verifyNative } from './verify.ts';
import { runCommand } from './runCommand.ts';
import { supportsWheels } from './wheel.ts';

/** Host from which the package's install script downloads libtensorflow. */
export const downloadHost = 'https://storage.googleapis.com/';

const FROM_WHEEL = 'install with --from-wheel, which extracts libtensorflow from a Python wheel';

export interface InstallOptions {
  /** Folder shared by the extension and the command line. */
  readonly home: string;
  /** Installs `@tensorflow/tfjs-node-gpu`, for CUDA. */
  readonly gpu: boolean;
  /** Extracts libtensorflow from a Python wheel: the one at this path, or if true one that pip downloads. */
  readonly fromWheel: string | boolean;
  /** Receives a message at the start of each step. */
  readonly onProgress: (text: string) => void;
}

/**
 * Installs native TensorFlow into `home`. The package is built in a temporary folder and moved into place after
 * training steps have succeeded, so a failure keeps the previous installation.
 * @throws NativeError with the reason and what to do
 */
export async function installNative(options: InstallOptions): Promise<NativeReport> {
  const { home, onProgress } = options;
  checkOptions(options);
  await mkdir(home, { recursive: true });
  const temporary = await mkdtemp(join(home, 'native-'));
  try {
    await makePackage(temporary, options);
    onProgress('Checking the installation with training steps ...');
    const report = await verifyNative(packageFolder(temporary, options.gpu)).catch((error: unknown) => {
      throw new NativeError(
        `The installed package does not work: ${error instanceof Error ? error.message : String(error)}${remedy(options)}`,
        { cause: error },
      );
    });
    await writeFile(join(temporary, NATIVE_REPORT_FILE), JSON.stringify(report));
    await replace(nativeFolder(home), temporary);
    return report;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Checks the options before anything is downloaded. @throws NativeError */
function checkOptions({ fromWheel }: InstallOptions): void {
  if (fromWheel === false) return;
  if (!supportsWheels())
    throw new NativeError(
      `--from-wheel only works on Linux with x86-64 or ARM64, not on ${process.platform} with ${process.arch}.`,
    );
  if (typeof fromWheel === 'string' && !existsSync(fromWheel))
    throw new UnusableError(`The wheel ${fromWheel} does not exist.`);
}

async function makePackage(folder: string, { gpu, fromWheel, onProgress }: InstallOptions): Promise<void> {
  const name = packageName(gpu);
  if (fromWheel === false && !(await isReachable(downloadHost))) {
    throw new NativeError(
      `${name} downloads libtensorflow from ${downloadHost}, which cannot be reached. Connect to the internet, or ${FROM_WHEEL}.`,
    );
  }
  onProgress(`Installing ${name} ${PACKAGE_VERSION} with npm ...`);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ private: true })}\n`);
  // The install script runs separately below, to distinguish its failure from that of npm.
  const npmArguments = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    '--loglevel=error',
    `${name}@${PACKAGE_VERSION}`,
  ];
  await runCommand('npm', npmArguments, { cwd: folder }).catch((error: unknown) => {
    throw new NativeError(
      `npm could not install ${name}. Check that Node.js with npm is on the PATH and that the registry can be reached. ${String(error)}`,
      { cause: error },
    );
  });
  const installed = packageFolder(folder, gpu);
  if (fromWheel !== false) {
    const wheel = fromWheel === true ? undefined : fromWheel;
    return buildFromWheel({ packageFolder: installed, deps: join(installed, 'deps'), wheel, gpu, onProgress });
  }
  onProgress('Downloading libtensorflow ...');
  await downloadBinding(installed).catch((error: unknown) => {
    throw new NativeError(`The download of libtensorflow failed${remedy({ fromWheel })} ${String(error)}`, {
      cause: error,
    });
  });
}

function remedy({ fromWheel }: Pick<InstallOptions, 'fromWheel'>): string {
  return fromWheel === false && supportsWheels() ? `. You can also ${FROM_WHEEL}.` : '.';
}

async function replace(folder: string, replacement: string): Promise<void> {
  await removeNative(folder);
  await rename(replacement, folder);
}

/**
 * Removes the installation.
 * @returns true if there was one
 * @throws NativeError if it is in use (Windows locks libraries that a process has loaded)
 */
export async function removeNative(folder: string): Promise<boolean> {
  const existed = existsSync(folder);
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    throw new NativeError(
      `Could not remove ${folder}: ${String(error)}. If a run is using it, stop the run and try again.`,
      { cause: error },
    );
  });
  return existed;
}

/** True if `url` responds at all within `milliseconds`. */
export async function isReachable(url: string, milliseconds = 5000): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(milliseconds) });
    return true;
  } catch {
    return false;
  }
}
