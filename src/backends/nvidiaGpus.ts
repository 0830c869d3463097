import { outputOf } from '../platform/threads.ts';

/** Time limit of the tool, in milliseconds. */
const PATIENCE = 5000;

/**
 * Names of the NVIDIA GPUs with their memory, such as "NVIDIA H100 PCIe, 81559 MiB"; empty without NVIDIA's tool.
 */
export function nvidiaGpus(): string[] {
  try {
    const list = outputOf('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader'], PATIENCE);
    return list
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  } catch {
    return [];
  }
}
