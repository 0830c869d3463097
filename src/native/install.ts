import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NATIVE_REPORT_FILE, type NativeReport } from '../protocol/nativeReport.ts';
import { buildFromWheel, downloadBinding } from './binding.ts';
import { nativeFolder, PACKAGE_VERSION, packageFolder, packageName, NativeError } from './nativePackage.ts';
import { proveNative } from './prove.ts';
import { runCommand } from './runCommand.ts';
import { wheelsFit } from './wheel.ts';

/** Where the package's own installation gets libtensorflow from. */
export const downloadHost = 'https://storage.googleapis.com/';

const FROM_WHEEL = 'install with --from-wheel, which takes libtensorflow out of a Python wheel';

export interface InstallOptions {
  /** The folder that extension and command line share. */
  readonly home: string;
  /** Takes `@tensorflow/tfjs-node-gpu`, for CUDA. */
  readonly gpu: boolean;
  /** Takes libtensorflow out of a Python wheel: of that path, or when true of one that pip fetches. */
  readonly fromWheel: string | boolean;
  /** Hears what is being done. */
  readonly say: (text: string) => void;
}

/**
 * Installs native TensorFlow into the home, and proves it by training steps. It is made aside and takes its place when
 * it works, so that a failure leaves what was there before.
 * @throws NativeError with the reason and what to do
 */
export async function installNative(options: InstallOptions): Promise<NativeReport> {
  const { home, say } = options;
  refuseEarly(options);
  await mkdir(home, { recursive: true });
  const aside = await mkdtemp(join(home, 'native-'));
  try {
    await makePackage(aside, options);
    say('Training on it ...');
    const report = await proveNative(packageFolder(aside, options.gpu)).catch((error: unknown) => {
      throw new NativeError(
        `What was installed does not work: ${error instanceof Error ? error.message : String(error)}${remedy(options)}`,
        { cause: error },
      );
    });
    await writeFile(join(aside, NATIVE_REPORT_FILE), JSON.stringify(report));
    await replace(nativeFolder(home), aside);
    return report;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** What can be known before anything is fetched. */
function refuseEarly({ fromWheel }: InstallOptions): void {
  if (fromWheel === false) return;
  if (!wheelsFit())
    throw new NativeError(
      `--from-wheel works on Linux with x86-64 or ARM64 only, and this is ${process.platform} with ${process.arch}.`,
    );
  if (typeof fromWheel === 'string' && !existsSync(fromWheel)) throw new NativeError(`There is no wheel ${fromWheel}.`);
}

async function makePackage(folder: string, { gpu, fromWheel, say }: InstallOptions): Promise<void> {
  const name = packageName(gpu);
  if (fromWheel === false && !(await isReachable(downloadHost))) {
    throw new NativeError(
      `${name} downloads libtensorflow from ${downloadHost}, which cannot be reached. Get online, or ${FROM_WHEEL}.`,
    );
  }
  say(`Installing ${name} ${PACKAGE_VERSION} with npm ...`);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ private: true })}\n`);
  // Its install script is run below, where its failure can be told from that of npm.
  const words = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    '--loglevel=error',
    `${name}@${PACKAGE_VERSION}`,
  ];
  await runCommand('npm', words, { cwd: folder }).catch((error: unknown) => {
    throw new NativeError(
      `npm could not install ${name}. It takes Node.js with npm on the PATH, and a registry that it reaches. ${String(error)}`,
      { cause: error },
    );
  });
  const installed = packageFolder(folder, gpu);
  if (fromWheel !== false) {
    const wheel = fromWheel === true ? undefined : fromWheel;
    return buildFromWheel({ packageFolder: installed, deps: join(installed, 'deps'), wheel, gpu, say });
  }
  say('Downloading libtensorflow ...');
  await downloadBinding(installed).catch((error: unknown) => {
    throw new NativeError(`The download of libtensorflow failed${remedy({ fromWheel })} ${String(error)}`, {
      cause: error,
    });
  });
}

function remedy({ fromWheel }: Pick<InstallOptions, 'fromWheel'>): string {
  return fromWheel === false && wheelsFit() ? `. You can also ${FROM_WHEEL}.` : '.';
}

async function replace(folder: string, by: string): Promise<void> {
  await removeNative(folder);
  await rename(by, folder);
}

/**
 * Removes what was installed.
 * @returns whether there was anything
 * @throws NativeError when it is in use (Windows locks libraries that a process has loaded)
 */
export async function removeNative(folder: string): Promise<boolean> {
  const was = existsSync(folder);
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    throw new NativeError(
      `${folder} cannot be removed: ${String(error)}. If a run is using it, stop the run and try again.`,
      { cause: error },
    );
  });
  return was;
}

/** True if `url` answers anything at all within `milliseconds`. */
export async function isReachable(url: string, milliseconds = 5000): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(milliseconds) });
    return true;
  } catch {
    return false;
  }
}
