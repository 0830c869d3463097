import { ownerPort, threadData } from '../../platform/threads.ts';
import { instantiate } from './module.ts';

/** Entry of a helper thread: it serves the kernels until its worker is terminated. */

export interface HelperTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly wide: boolean;
  /** Its place among the threads; 0 is the thread that hands out the jobs. */
  readonly thread: number;
}

const { module, memory, wide, thread } = threadData as HelperTask;
const kernels = instantiate(module, memory, wide);
ownerPort?.postMessage('ready');
kernels.serve(thread);
