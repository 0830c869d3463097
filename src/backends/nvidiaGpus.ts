import { outputOf } from '../platform/threads.ts';

/** Milliseconds that the tool has for its answer. */
const PATIENCE = 5000;

/**
 * What NVIDIA's driver calls its GPUs, each with its memory, such as "NVIDIA H100 PCIe, 81559 MiB"; none where its tool
 * is not there.
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
