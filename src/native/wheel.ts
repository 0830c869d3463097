import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NativeError } from './nativePackage.ts';
import { runCommand } from './runCommand.ts';

/** The version that the binding was seen working with. */
export const WHEEL_VERSION = '2.21.0';

/** Unpacks the headers and the two libraries; the rest of the wheel is Python. */
const UNPACK = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
parts = ('tensorflow/include/', 'tensorflow/libtensorflow_cc', 'tensorflow/libtensorflow_framework')
names = [name for name in wheel.namelist() if name.startswith(parts)]
if not any('libtensorflow_cc' in name for name in names): sys.exit('it holds no libtensorflow_cc')
wheel.extractall(sys.argv[2], names)
`;

/** What pip calls the processor. */
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Whether this system's wheels hold libraries that the binding can be compiled against. */
export function wheelsFit(): boolean {
  return process.platform === 'linux' && process.arch in architectures;
}

/**
 * Downloads the Python wheel `tensorflow-cpu`, or for a GPU `tensorflow`, into a folder. Where pip looks for it is
 * pip's to know.
 * @returns its path
 * @throws NativeError if pip is missing or finds no such wheel
 */
export async function downloadWheel(folder: string, gpu: boolean): Promise<string> {
  const wanted = `${gpu ? 'tensorflow' : 'tensorflow-cpu'}==${WHEEL_VERSION}`;
  // Any Python will do to fetch a wheel: what is asked for is named, not taken from the Python that runs pip.
  const words = ['-m', 'pip', 'download', '--quiet', '--retries', '0', '--no-deps', '--only-binary=:all:'];
  const platform = ['--python-version', '3.11', '--platform', `manylinux_2_27_${architectures[process.arch]}`];
  await runCommand('python3', [...words, ...platform, '--dest', folder, wanted], { quiet: true }).catch(
    (error: unknown) => {
      throw new NativeError(
        `pip could not fetch the wheel ${wanted}. Install python3 with pip, or download the wheel yourself and name it: --from-wheel WHEEL\n${String(error)}`,
        { cause: error },
      );
    },
  );
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new NativeError(`pip left no wheel in ${folder}.`);
  return join(folder, wheel);
}

/**
 * Unpacks what a C program needs of a wheel of TensorFlow.
 * @returns the folder that holds `include/`, `libtensorflow_cc.so.2` and `libtensorflow_framework.so.2`
 * @throws NativeError if the file is no such wheel
 */
export async function unpackWheel(wheel: string, folder: string): Promise<string> {
  await runCommand('python3', ['-c', UNPACK, wheel, folder], { quiet: true }).catch((error: unknown) => {
    throw new NativeError(
      `${wheel} is no wheel of tensorflow or tensorflow-cpu for this system, or python3 is missing: ${String(error)}`,
      { cause: error },
    );
  });
  return join(folder, 'tensorflow');
}
