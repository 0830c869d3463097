import type { BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs';
import type { WasmRuntime } from './runtime.ts';

/** Output tensor of a kernel with its address in the kernel memory. */
export interface AllocatedTensor {
  readonly info: TensorInfo;
  readonly pointer: number;
}

/** TensorFlow.js backend that can store tensors in the kernel memory. */
export interface KernelMemory {
  readonly runtime: WasmRuntime;
  /** Allocates a tensor in the kernel memory without initializing it. */
  allocate(shape: number[], dtype?: 'float32' | 'int32'): AllocatedTensor;
  /** Placeholder for an output that does not apply. */
  empty(): AllocatedTensor;
  /**
   * Returns the address of a tensor in the kernel memory, valid while a kernel runs; copies the tensor there if needed.
   */
  pointerTo(tensor: TensorInfo): number;
  /** Creates a tensor from values computed in JavaScript. */
  makeTensorInfo(shape: number[], dtype: DataType, values: BackendValues): TensorInfo;
  readSync(dataId: DataId): BackendValues;
}
