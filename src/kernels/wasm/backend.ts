import type { BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { WasmRuntime } from './runtime.ts';
import type { KernelMemory, AllocatedTensor } from './memory.ts';

type Values = Float32Array | Int32Array | Uint8Array;

/** Data of a tensor in the stock backend, and its address if it is in the kernel memory. */
interface TensorData {
  values: BackendValues;
  readonly dtype: DataType;
  pointer?: number;
}

/**
 * TensorFlow.js backend `sequence-lab`: the stock `cpu` backend, extended with tensors in the kernel memory. Kernels
 * allocate their outputs there; other tensors are moved there when a kernel first reads them. Stock ops see both as
 * typed arrays.
 */
export class SequenceLabBackend extends MathBackendCPU implements KernelMemory {
  readonly runtime: WasmRuntime;

  constructor(runtime: WasmRuntime) {
    super();
    this.runtime = runtime;
  }

  allocate(shape: number[], dtype: 'float32' | 'int32' = 'float32'): AllocatedTensor {
    const length = shape.reduce((product, size) => product * size, 1);
    const pointer = this.runtime.heap.allocate(4 * length);
    const values = dtype === 'float32' ? this.runtime.float32(pointer, length) : this.runtime.int32(pointer, length);
    const dataId = super.write(values as unknown as BackendValues, shape, dtype);
    this.#dataOf(dataId).pointer = pointer;
    return { info: { dataId, shape, dtype }, pointer };
  }

  empty(): AllocatedTensor {
    return { info: this.makeTensorInfo([0], 'float32', new Float32Array()), pointer: 0 };
  }

  pointerTo({ dataId }: TensorInfo): number {
    const data = this.#dataOf(dataId);
    if (data.pointer !== undefined) return data.pointer;
    const values = data.values as Values;
    // Booleans arrive as one byte each, but use four in the kernel memory like all other types.
    const pointer = this.runtime.heap.allocate(4 * values.length);
    const view =
      data.dtype === 'int32'
        ? this.runtime.int32(pointer, values.length)
        : this.runtime.float32(pointer, values.length);
    view.set(values);
    data.values = view as unknown as BackendValues;
    data.pointer = pointer;
    return pointer;
  }

  /**
   * Copies values that are in the kernel memory. Some stock ops (slice, split) return a view of their input as output,
   * whose memory would be reused after the input is disposed.
   */
  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    return super.write(outsideKernels(values), shape, dtype);
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    super.move(dataId, outsideKernels(values), shape, dtype, refCount);
  }

  /** Copies values that are in the kernel memory, for the same reason as `write`. */
  override readSync(dataId: DataId): BackendValues {
    return outsideKernels(super.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const pointer = this.data.has(dataId) ? this.#dataOf(dataId).pointer : undefined;
    const disposed = super.disposeData(dataId, force);
    if (disposed && pointer !== undefined) this.runtime.heap.free(pointer);
    return disposed;
  }

  /** Memory statistics of TensorFlow.js, plus the bytes of the kernel memory in use and reserved. */
  override memory(): { unreliable: boolean; reasons: string[]; kernelBytes: number; kernelBytesReserved: number } {
    const { used, reserved } = this.runtime.heap.usage;
    return { ...super.memory(), kernelBytes: used, kernelBytesReserved: reserved };
  }

  #dataOf(dataId: DataId): TensorData {
    return this.data.get(dataId) as TensorData;
  }
}

function outsideKernels(values: BackendValues): BackendValues {
  const isInside =
    (values instanceof Float32Array || values instanceof Int32Array) && !(values.buffer instanceof ArrayBuffer);
  return isInside ? values.slice() : values;
}
