import { ensureOnnx } from './onnx.ts';
import { ensurePython } from './python.ts';
import { ensureTorch } from './torch.ts';

/**
 * Returns the path of a Python that exports models of PyTorch as ONNX, and writes and runs graphs. It has the PyTorch of
 * `ensureTorch` and the onnxruntime of `ensureOnnx`.
 *
 * @throws Unavailable if it cannot be installed
 */
export async function ensureOnnxExport(): Promise<string> {
  const borrowed = [await ensureTorch(), await ensureOnnx()];
  return ensurePython({
    folder: 'onnx-1.23.1-torch-2.13.0',
    what: 'the ONNX exporter of PyTorch',
    packages: ['onnx==1.23.1', 'onnxscript==0.7.2', 'numpy==2.4.6'],
    modules: ['torch', 'onnx', 'onnxscript', 'onnxruntime'],
    borrowed,
  });
}
