import { ensurePython } from './python.ts';

/** Returns the path of a Python with onnxruntime. @throws Unavailable if it cannot be installed */
export async function ensureOnnx(): Promise<string> {
  return ensurePython({
    folder: 'onnxruntime-1.30.0',
    what: 'onnxruntime',
    packages: ['onnxruntime==1.30.0', 'numpy==2.4.6'],
    modules: ['onnxruntime'],
  });
}
