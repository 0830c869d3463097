import { ownerPort, threadData } from '../../platform/threads.ts';
import { instantiate } from './module.ts';

/** Entry of a helper thread, which runs jobs until its worker is terminated. */

export interface HelperTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly wide: boolean;
  /** Index of the thread; 0 is the thread that issues the jobs. */
  readonly thread: number;
}

const { module, memory, wide, thread } = threadData as HelperTask;
const kernels = instantiate(module, memory, wide);
ownerPort?.postMessage('ready');
kernels.serve(thread);
