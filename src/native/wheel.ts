import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NativeError } from './nativePackage.ts';
import { runCommand } from './runCommand.ts';

/** Version of TensorFlow that the binding was tested with. */
export const WHEEL_VERSION = '2.21.0';

/** Python program that extracts the headers and the two libraries; the rest of the wheel is Python code. */
const UNPACK = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
parts = ('tensorflow/include/', 'tensorflow/libtensorflow_cc', 'tensorflow/libtensorflow_framework')
names = [name for name in wheel.namelist() if name.startswith(parts)]
if not any('libtensorflow_cc' in name for name in names): sys.exit('it contains no libtensorflow_cc')
wheel.extractall(sys.argv[2], names)
`;

/** Names of CPU architectures in wheels. */
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** True if the wheels for this system contain libraries that the binding can be compiled against. */
export function supportsWheels(): boolean {
  return process.platform === 'linux' && process.arch in architectures;
}

/**
 * Downloads the Python wheel `tensorflow-cpu`, or `tensorflow` for a GPU, into a folder, from the index that pip is
 * configured for.
 * @returns path of the wheel
 * @throws NativeError if pip is missing or finds no such wheel
 */
export async function downloadWheel(folder: string, gpu: boolean): Promise<string> {
  const requirement = `${gpu ? 'tensorflow' : 'tensorflow-cpu'}==${WHEEL_VERSION}`;
  // The platform is explicit, so the version of the Python that runs pip does not matter.
  const pipArguments = ['-m', 'pip', 'download', '--quiet', '--retries', '0', '--no-deps', '--only-binary=:all:'];
  const platform = ['--python-version', '3.11', '--platform', `manylinux_2_27_${architectures[process.arch]}`];
  await runCommand('python3', [...pipArguments, ...platform, '--dest', folder, requirement], { quiet: true }).catch(
    (error: unknown) => {
      throw new NativeError(
        `pip could not download the wheel ${requirement}. Install python3 with pip, or download the wheel yourself and pass its path: --from-wheel WHEEL\n${String(error)}`,
        { cause: error },
      );
    },
  );
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new NativeError(`pip downloaded no wheel to ${folder}.`);
  return join(folder, wheel);
}

/**
 * Extracts the C headers and libraries of a TensorFlow wheel.
 * @returns folder with `include/`, `libtensorflow_cc.so.2` and `libtensorflow_framework.so.2`
 * @throws NativeError if the file is not a TensorFlow wheel
 */
export async function unpackWheel(wheel: string, folder: string): Promise<string> {
  await runCommand('python3', ['-c', UNPACK, wheel, folder], { quiet: true }).catch((error: unknown) => {
    throw new NativeError(
      `${wheel} is not a wheel of tensorflow or tensorflow-cpu for this system, or python3 is missing: ${String(error)}`,
      { cause: error },
    );
  });
  return join(folder, 'tensorflow');
}
