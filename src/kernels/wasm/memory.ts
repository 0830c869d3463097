import type { BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs';
import type { WasmRuntime } from './runtime.ts';

/** A tensor that a kernel makes, and where it lies in the kernels' memory. */
export interface Placed {
  readonly info: TensorInfo;
  readonly pointer: number;
}

/** A backend of TensorFlow.js whose tensors can live in the memory of the kernels. */
export interface KernelMemory {
  readonly runtime: WasmRuntime;
  /** A new tensor in the kernels' memory, with whatever stood there. */
  allocate(shape: number[], dtype?: 'float32' | 'int32'): Placed;
  /** An output that does not apply. */
  empty(): Placed;
  /** Where a tensor lies in the kernels' memory while a kernel runs; it comes there first if need be. */
  pointerTo(tensor: TensorInfo): number;
  /** A tensor of numbers that JavaScript has worked out. */
  makeTensorInfo(shape: number[], dtype: DataType, values: BackendValues): TensorInfo;
  readSync(dataId: DataId): BackendValues;
}
