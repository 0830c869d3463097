import { createInterface } from 'node:readline/promises';
import { findTensorflow } from '../backends/findTensorflow.ts';
import { nativeFolder } from '../native/nativePackage.ts';
import { installNative, removeNative } from '../native/install.ts';
import { verifyNative } from '../native/verify.ts';
import type { NativeReport } from '../protocol/nativeBackends.ts';
import { backendOptions } from './environment.ts';
import { textOf } from '../phrases/causes.ts';
import { say } from '../phrases/phrase.ts';

export interface InstallFlags {
  readonly gpu: boolean;
  readonly fromWheel?: string | boolean;
}

/** `sequence-lab native install`. */
export async function installNativeTensorflow({ gpu, fromWheel = false }: InstallFlags): Promise<void> {
  const { home } = backendOptions();
  const report = await readable(installNative({ home, gpu, fromWheel, onProgress: print }));
  print(`Native TensorFlow is installed in ${nativeFolder(home)}: ${describeReport(report)}.`);
  if (gpu && report.device.startsWith('CPU'))
    print(
      'TensorFlow found no usable GPU. Check that the driver and the CUDA libraries match this version of TensorFlow.',
    );
}

/** `sequence-lab native remove`. */
export async function removeNativeTensorflow(): Promise<void> {
  const folder = nativeFolder(backendOptions().home);
  print(
    (await readable(removeNative(folder)))
      ? `Removed ${folder}.`
      : `There is nothing to remove: ${folder} does not exist.`,
  );
}

/** `sequence-lab native status`. @throws NativeError if it is installed and does not work */
export async function printNativeStatus({ json }: { readonly json: boolean }): Promise<void> {
  const folder = findTensorflow(backendOptions());
  const report = folder === undefined ? undefined : await verifyNative(folder);
  if (json)
    return print(JSON.stringify(report === undefined ? { installed: false } : { installed: true, folder, ...report }));
  print(
    report === undefined
      ? 'Native TensorFlow is not installed. To install it, run: sequence-lab native install'
      : `${folder}: ${describeReport(report)}.`,
  );
}

function describeReport({ tfjsNode, tensorflow, device }: NativeReport): string {
  return `TensorFlow ${tensorflow} through tfjs-node ${tfjsNode}, on ${device}`;
}

/** Keeps a terminal of VS Code open after an error until the user has read it: VS Code closes it with its program. */
async function readable<T>(result: Promise<T>): Promise<T> {
  return result.catch(async (error: unknown) => {
    if (process.env['SEQUENCE_LAB_TERMINAL'] === '1') {
      print(say(textOf(error)));
      // As a terminal, it would write cursor movements, which are shown as text.
      const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
      await terminal.question('\nPress Enter to close this terminal. ');
      terminal.close();
    }
    throw error;
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
