import { ensurePython } from './python.ts';

/**
 * Returns the path of a Python that reads exported files (TensorBoard its events, PyArrow Parquet, NumPy arrays) and
 * writes data as people do: with PyArrow, pandas, openpyxl and NumPy.
 *
 * @throws Unavailable if Python or the packages are not available
 */
export async function ensureReaders(): Promise<string> {
  return ensurePython({
    folder: 'readers-2',
    what: 'the programs that read exported files and write data',
    packages: ['tensorboard==2.21.0', 'pyarrow==25.0.1', 'numpy==2.4.6', 'pandas==3.0.6', 'openpyxl==3.1.5'],
    modules: ['numpy', 'pyarrow', 'tensorboard', 'pandas', 'openpyxl'],
  });
}
