import * as vscode from 'vscode';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { ProductFiles } from '../../platform/web/product.ts';
import { startWorker } from '../../platform/web/threads.ts';
import type * as node from '../trainerClient/holders.ts';
import { startDeferred } from '../trainerClient/deferredHolder.ts';
import type { TrainerHolder, TrainerOptions } from '../trainerClient/holder.ts';
import { threadPort } from '../trainerClient/threadPort.ts';

/** The kernels, which every trainer uses. */
const KERNELS = ['dist/kernels-simd.wasm', 'dist/kernels-relaxed.wasm'];
/** The bundled sentiment model, which only a trainer that classifies reads. */
const SENTIMENT = ['media/sentiment/model.bin', 'media/sentiment/model.bin.sha256'];

/** Files of the extension by path in it, which are read once. */
const files = new Map<string, Promise<Uint8Array>>();
let address: Promise<string> | undefined;

/**
 * Starts the trainer in a worker of this extension host. The worker cannot load files of the extension, wherever they
 * are, so it is given their bytes.
 */
export const startHolder: typeof node.startHolder = (options) =>
  startDeferred(programOf(options), ({ program, given }) => startTrainer(program, given, options));

/** The address of the trainer's program, and the files that it reads. */
async function programOf({ programs, task }: TrainerOptions) {
  const folder = vscode.Uri.joinPath(vscode.Uri.parse(programs, true), '..');
  const paths = [...KERNELS, ...(task?.['serve'] === 'classifier' ? SENTIMENT : [])];
  address ??= fileOf(folder, 'dist/web/trainer.js').then((bytes) =>
    URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'text/javascript' })),
  );
  address.catch(() => {
    address = undefined;
  });
  const [program, ...contents] = await Promise.all([address, ...paths.map(async (path) => fileOf(folder, path))]);
  const given = Object.fromEntries(contents.map((content, index) => [paths[index] ?? '', content]));
  return { program, given };
}

async function fileOf(folder: vscode.Uri, path: string): Promise<Uint8Array> {
  const reading = files.get(path) ?? Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, path)));
  files.set(path, reading);
  reading.catch(() => files.delete(path));
  return reading;
}

function startTrainer(program: string, given: ProductFiles, { task, onOutput }: TrainerOptions): TrainerHolder {
  const worker = startWorker(program, { program: 'trainer.js', data: task, files: given });
  let reason: Text = phrase(
    "The trainer's worker was ended. A browser does this when memory is used up: close other pages, or make the data, the model, the batch or the sequences smaller.",
  );
  worker.on('error', ({ message }: Error) => {
    onOutput(`${message}\n`);
    reason = phrase("The trainer's worker ended. {0}", message);
    void worker.terminate();
  });
  return {
    pid: undefined,
    port: threadPort(worker),
    onExit: (listener) => {
      worker.once('exit', () => listener(reason));
    },
    kill: () => {
      void worker.terminate();
    },
  };
}
