import { ensurePython } from './python.ts';

/**
 * Returns the path of a Python that reads exported files: TensorBoard its events, PyArrow Parquet, NumPy arrays.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensureReaders(): Promise<string> {
  return ensurePython({
    folder: 'readers-1',
    what: 'the readers of exported files',
    packages: ['tensorboard==2.21.0', 'pyarrow==25.0.1', 'numpy==2.4.6'],
    modules: ['numpy', 'pyarrow', 'tensorboard'],
  });
}
