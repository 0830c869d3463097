import type { BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { WasmRuntime } from './runtime.ts';
import type { KernelMemory, Placed } from './memory.ts';

type Values = Float32Array | Int32Array | Uint8Array;

/** What the stock backend knows of a tensor, and its address if it lives in the kernels' memory. */
interface TensorData {
  values: BackendValues;
  readonly dtype: DataType;
  pointer?: number;
}

/**
 * The TensorFlow.js backend `sequence-lab`: the stock `cpu` backend, but that tensors can live in the memory of
 * the kernels. A tensor that a kernel makes is born there; one from elsewhere moves in when a kernel first
 * reads it. Stock ops see both as typed arrays.
 */
export class SequenceLabBackend extends MathBackendCPU implements KernelMemory {
  readonly runtime: WasmRuntime;

  constructor(runtime: WasmRuntime) {
    super();
    this.runtime = runtime;
  }

  allocate(shape: number[], dtype: 'float32' | 'int32' = 'float32'): Placed {
    const length = shape.reduce((product, size) => product * size, 1);
    const pointer = this.runtime.heap.allocate(4 * length);
    const values = dtype === 'float32' ? this.runtime.float32(pointer, length) : this.runtime.int32(pointer, length);
    const dataId = super.write(values as unknown as BackendValues, shape, dtype);
    this.#dataOf(dataId).pointer = pointer;
    return { info: { dataId, shape, dtype }, pointer };
  }

  empty(): Placed {
    return { info: this.makeTensorInfo([0], 'float32', new Float32Array()), pointer: 0 };
  }

  pointerTo({ dataId }: TensorInfo): number {
    const data = this.#dataOf(dataId);
    if (data.pointer !== undefined) return data.pointer;
    const values = data.values as Values;
    // Booleans come as bytes, and take four here like all others.
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
   * Some stock ops give a part of their input's array as their output (slice, split). In the kernels' memory
   * that part would be reused when the input is disposed, so it is copied.
   */
  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    return super.write(outsideKernels(values), shape, dtype);
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    super.move(dataId, outsideKernels(values), shape, dtype, refCount);
  }

  /** A copy of what lies in the kernels' memory, for the same reason. */
  override readSync(dataId: DataId): BackendValues {
    return outsideKernels(super.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const pointer = this.data.has(dataId) ? this.#dataOf(dataId).pointer : undefined;
    const disposed = super.disposeData(dataId, force);
    if (disposed && pointer !== undefined) this.runtime.heap.free(pointer);
    return disposed;
  }

  /** Besides what TensorFlow.js counts: bytes of the kernels' memory, in use and in all. */
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
    (values instanceof Float32Array || values instanceof Int32Array) && values.buffer instanceof SharedArrayBuffer;
  return isInside ? values.slice() : values;
}
