import type { BackendValues, DataId, KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs';

/**
 * The parts of `@tensorflow/tfjs-node` that the kernels use: its backend, and the native module underneath, which
 * executes any TensorFlow op.
 */

/** Id of a TensorFlow tensor in the native module. The code that creates a tensor must delete it. */
export type Handle = number;

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

export interface OpOutput {
  readonly id: Handle;
  readonly shape: number[];
  readonly dtype: number;
}

export interface NativeBinding {
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): Handle;
  deleteTensor(handle: Handle): void;
  tensorDataSync(handle: Handle): Float32Array | Int32Array | Uint8Array;
  executeOp(name: string, attributes: readonly OpAttribute[], inputs: readonly Handle[], outputs: number): OpOutput[];
  /** Number of live tensors, including those of TensorFlow.js. */
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  /** Version of the TensorFlow library, such as "2.21.0". */
  readonly TF_Version: string;
}

export interface NativeBackend extends KernelBackend {
  readonly binding: NativeBinding;
  getInputTensorIds(tensors: readonly (Tensor | TensorInfo)[]): Handle[];
  createOutputTensor(output: OpOutput): Tensor;
  refCount(dataId: DataId): number;
  write(values: BackendValues, shape: number[], dtype: TensorInfo['dtype']): object;
  readSync(dataId: DataId): BackendValues;
  memory(): { unreliable: boolean };
  disposeData(dataId: DataId, force?: boolean): boolean;
  /** Data of each tensor. */
  readonly tensorMap: { get(dataId: DataId): { values: BackendValues | null } };
}
