import { ensurePython } from './python.ts';
import { ensureTorch } from './torch.ts';

/**
 * Returns the path of a Python with Keras 3, which computes with the PyTorch of `ensureTorch`.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensureKeras(): Promise<string> {
  const borrowed = [await ensureTorch()];
  return ensurePython({
    folder: 'keras-3.15.1-torch-2.13.0',
    what: 'Keras',
    packages: ['keras==3.15.1', 'h5py==3.16.0', 'numpy==2.4.6'],
    modules: ['keras', 'h5py'],
    options: async () => ['--retries', '3'],
    borrowed,
    variables: KERAS_ENVIRONMENT,
  });
}

/** Variables that a Python with Keras needs: which program computes. */
export const KERAS_ENVIRONMENT = { KERAS_BACKEND: 'torch' } as const;
