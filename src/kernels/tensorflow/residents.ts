import type { BackendValues, DataId, DataType, TensorInfo, TypedArray } from '@tensorflow/tfjs';
import type { WasmRuntime } from '../wasm/runtime.ts';
import type { KernelMemory, Placed } from '../wasm/memory.ts';
import type { NativeBackend } from './binding.ts';

type Numbers = Float32Array | Int32Array;

/**
 * Tensors of native TensorFlow's backend that live in the memory of our kernels in WebAssembly. What such a kernel
 * makes is a tensor of that backend whose numbers TensorFlow has not taken over yet, as the backend has them anyway for
 * numbers that come from JavaScript; it takes a copy when an op of its own first needs them. So between kernels of ours
 * nothing is copied.
 */
export class Residents implements KernelMemory {
  readonly runtime: WasmRuntime;
  readonly #backend: NativeBackend;
  readonly #places = new Map<DataId, number>();
  /** Copies of tensors that only TensorFlow has, for the kernel that runs. */
  #visitors: number[] = [];

  constructor(backend: NativeBackend, runtime: WasmRuntime) {
    this.runtime = runtime;
    this.#backend = backend;
    this.#hook();
  }

  /** Runs a kernel, and forgets what was copied for it. */
  run<Result>(kernel: (memory: KernelMemory) => Result): Result {
    try {
      return kernel(this);
    } finally {
      for (const pointer of this.#visitors) this.runtime.heap.free(pointer);
      this.#visitors = [];
    }
  }

  /** Whether a tensor lives in the memory of the kernels. */
  has({ dataId }: TensorInfo): boolean {
    return this.#places.has(dataId);
  }

  allocate(shape: number[], dtype: 'float32' | 'int32' = 'float32'): Placed {
    const size = shape.reduce((product, length) => product * length, 1);
    const pointer = this.runtime.heap.allocate(4 * size);
    const dataId = this.#backend.write(this.#view(dtype, pointer, size), shape, dtype);
    this.#places.set(dataId, pointer);
    return { info: { dataId, shape, dtype }, pointer };
  }

  empty(): Placed {
    return { info: this.makeTensorInfo([0], 'float32', new Float32Array()), pointer: 0 };
  }

  pointerTo({ dataId, dtype }: TensorInfo): number {
    const place = this.#places.get(dataId);
    if (place !== undefined) return place;
    const values = this.#backend.readSync(dataId) as TypedArray;
    const pointer = this.runtime.heap.allocate(4 * values.length);
    this.#visitors.push(pointer);
    this.#view(dtype, pointer, values.length).set(values);
    return pointer;
  }

  makeTensorInfo(shape: number[], dtype: DataType, values: BackendValues): TensorInfo {
    return { dataId: this.#backend.write(values, shape, dtype), shape, dtype };
  }

  readSync(dataId: DataId): BackendValues {
    return this.#backend.readSync(dataId);
  }

  /**
   * TensorFlow must not keep the memory of the kernels, as it does with numbers from JavaScript, since a block of that
   * is another tensor's once its own is disposed; nor must whoever reads a tensor.
   */
  #hook(): void {
    const backend = this.#backend;
    const { disposeData, readSync, getInputTensorIds, memory } = backend;
    backend.disposeData = (dataId, force) => {
      const disposed = disposeData.call(backend, dataId, force);
      const place = this.#places.get(dataId);
      if (disposed && place !== undefined) {
        this.#places.delete(dataId);
        this.runtime.heap.free(place);
      }
      return disposed;
    };
    backend.readSync = (dataId) => this.#copy(dataId) ?? readSync.call(backend, dataId);
    backend.memory = () => {
      const { used, reserved } = this.runtime.heap.usage;
      return { ...memory.call(backend), kernelBytes: used, kernelBytesReserved: reserved };
    };
    backend.getInputTensorIds = (tensors) => {
      for (const { dataId } of tensors) {
        const copy = this.#copy(dataId);
        if (copy) backend.tensorMap.get(dataId).values = copy;
      }
      return getInputTensorIds.call(backend, tensors);
    };
  }

  /** The numbers of a tensor that TensorFlow has not taken over; undefined for others. */
  #copy(dataId: DataId): Numbers | undefined {
    const place = this.#places.get(dataId);
    if (place === undefined) return undefined;
    const { values } = this.#backend.tensorMap.get(dataId);
    if (!isInside(values)) return undefined;
    const copy = values instanceof Int32Array ? new Int32Array(values.length) : new Float32Array(values.length);
    // A third of the time of `slice`, which copies shared memory number by number.
    copy.set(values);
    return copy;
  }

  #view(dtype: DataType, pointer: number, size: number): Numbers {
    return dtype === 'int32' ? this.runtime.int32(pointer, size) : this.runtime.float32(pointer, size);
  }
}

function isInside(values: BackendValues | null): values is Numbers {
  return (values instanceof Float32Array || values instanceof Int32Array) && values.buffer instanceof SharedArrayBuffer;
}
