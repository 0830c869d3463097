import { isReachable } from '../../src/native/install.ts';
import { ensurePython } from './python.ts';

/** Package index of the CPU builds of PyTorch; used if it is reachable. */
const TORCH_INDEX = 'https://download.pytorch.org/whl/cpu';

/** Returns the path of a Python with PyTorch for CPU. @throws Unavailable if it cannot be installed */
export async function ensureTorch(): Promise<string> {
  return ensurePython({
    folder: 'torch-2.13.0-cpu',
    what: 'PyTorch',
    packages: ['torch==2.13.0+cpu', 'numpy==2.4.6'],
    modules: ['torch', 'numpy'],
    options: async () => ((await isReachable(TORCH_INDEX)) ? ['--extra-index-url', TORCH_INDEX] : []),
  });
}
