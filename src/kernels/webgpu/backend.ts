import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BackendValues, DataId } from '@tensorflow/tfjs-core';
import type { Pipeline } from './dispatch.ts';

/** The GPU has gone, in the middle of a run: its driver was restarted, it was unplugged, or it ran out of memory. */
export class GpuLostError extends Error {
  override readonly name = 'GpuLostError';

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The GPU was lost (${reason}). The run can be resumed from its last checkpoint, on another backend too.`,
      options,
    );
  }
}

/**
 * TensorFlow.js' backend on a device that may be lost: then numbers that are waited for never come, and whoever waits
 * is told why.
 */
export class LabWebGpu extends WebGPUBackend {
  /** Our own programs, as they were compiled for this device. */
  readonly pipelines = new Map<string, Pipeline>();
  #lost: GpuLostError | undefined;
  /** Those who wait for numbers: told when the device is lost. */
  readonly #waiting = new Set<(error: GpuLostError) => void>();
  /**
   * What the device has refused, such as a program that does not compile: what comes of it would be numbers without
   * meaning.
   */
  #refused: Error | undefined;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    void device.lost.then(({ message, reason }) => {
      const lost = new GpuLostError(message.split('\n', 1)[0] || reason);
      this.#lost = lost;
      for (const tell of this.#waiting) tell(lost);
    });
    device.addEventListener('uncapturederror', (event) => {
      this.#refused ??= new Error(`The GPU refuses: ${(event as GPUUncapturedErrorEvent).error.message}`);
    });
  }

  /** Bytes that a workgroup may share. */
  get sharedMemory(): number {
    return this.device.limits.maxComputeWorkgroupStorageSize;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    if (this.#lost) throw this.#lost;
    const values = await new Promise<BackendValues>((resolve, reject) => {
      this.#waiting.add(reject);
      super
        .read(dataId)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
    if (this.#refused) throw this.#refused;
    return values;
  }
}
