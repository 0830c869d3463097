/**
 * `node nativeCheck.ts PACKAGE_FOLDER` loads `@tensorflow/tfjs-node` from PACKAGE_FOLDER, multiplies two matrices
 * on the main thread and again in a Worker, and prints the version of TensorFlow. It is a program of its own
 * because a binding that does not fit may abort the process.
 */
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

interface Tensor {
  dataSync(): Float32Array;
}

interface TfjsNode {
  tensor2d(values: number[][]): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  backend(): { binding: { TF_Version: string } };
}

/** Restores what Node 23 took out of `util` and tfjs-node 4.22.0 still calls. */
function repairUtil(require: NodeJS.Require): void {
  const util = require('util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value == null;
  util['isArray'] = Array.isArray;
}

/** Returns the version of TensorFlow; throws if the product of two matrices is not what it must be. */
function multiply(folder: string): string {
  const require = createRequire(import.meta.url);
  repairUtil(require);
  const tf = require(folder) as TfjsNode;
  const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]])).dataSync();
  if (product.join() !== '19,22,43,50') throw new Error(`a product of two matrices came out as ${product.join()}`);
  return tf.backend().binding.TF_Version;
}

if (isMainThread) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('name the folder of @tensorflow/tfjs-node');
  const version = multiply(folder);
  const worker = new Worker(import.meta.filename, { workerData: folder });
  worker.on('message', (inWorker: string) => {
    if (inWorker !== version) throw new Error(`the Worker runs TensorFlow ${inWorker}, the main thread ${version}`);
    console.log(version);
  });
} else {
  parentPort?.postMessage(multiply(String(workerData)));
}
