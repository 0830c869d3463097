import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

export const WHEEL_VERSION = '2.21.0';

/** Unpacks the headers and the two libraries; the rest of the wheel is Python. */
const UNPACK = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
parts = ('tensorflow/include/', 'tensorflow/libtensorflow_cc', 'tensorflow/libtensorflow_framework')
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(parts)])
`;

/**
 * Downloads the Python wheel `tensorflow-cpu` into `folder` and unpacks what a C program needs of it.
 *
 * @returns the folder that holds `include/`, `libtensorflow_cc.so.2` and `libtensorflow_framework.so.2`
 * @throws CommandFailed if pip is missing or finds no such wheel (there is one for Linux on x86-64 only)
 */
export async function unpackTensorflowWheel(folder: string): Promise<string> {
  // Any Python will do to fetch a wheel: what is asked for is named, not taken from the Python that runs pip.
  await run('python3', [
    ...['-m', 'pip', 'download', '--quiet', '--retries', '0', '--no-deps', '--only-binary=:all:'],
    ...['--python-version', '3.11', '--platform', 'manylinux_2_27_x86_64'],
    ...['--dest', folder, `tensorflow-cpu==${WHEEL_VERSION}`],
  ], { quiet: true });
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip left no wheel in ${folder}`);
  await run('python3', ['-c', UNPACK, join(folder, wheel), folder], { quiet: true });
  return join(folder, 'tensorflow');
}
