import { version } from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { delay } from '../../platform/system.ts';
import type { Pipeline } from './dispatch.ts';

type DataId = Parameters<WebGPUBackend['read']>[0];
type Values = Awaited<ReturnType<WebGPUBackend['read']>>;

/** The GPU was lost during a run: its driver restarted, it was unplugged, or it ran out of memory. */
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
 * State of the TensorFlow.js backend for commands that are recorded but not submitted. Its own `runWebGPUProgram`
 * supports one output and one dispatch; the programs here have several outputs and many dispatches over the same
 * arrays.
 */
interface Recording {
  readonly commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  /** Tensors whose buffers must not be reused before the commands are submitted. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GPUBuffer[];
}

/** Milliseconds to wait for the loss of a device that has ended a read: a busy GPU process reports it late. */
const LOSS_NOTICE = 60_000;

/** Private fields of the TensorFlow.js backend from its construction on; it makes `commandEncoder` when needed. */
const RECORDING_FIELDS = [
  'commandEncoder',
  'computePassEncoder',
  'dispatchCountInPass',
  'commandQueueOwnedIds',
  'uniformPendingDisposal',
] as const satisfies readonly (keyof Recording)[];

/**
 * The state of a backend that these programs share with it.
 *
 * @throws Error naming the version of TensorFlow.js if its backend keeps this state in another way
 */
function recordingOf(backend: object): Recording {
  if (isRecording(backend)) return backend;
  const missing = RECORDING_FIELDS.filter((field) => !(field in backend));
  throw new Error(
    `The WebGPU kernels do not fit TensorFlow.js ${version['tfjs-core']}: its backend has no ${missing.join(', ')}.`,
  );
}

function isRecording(backend: object): backend is Recording {
  return RECORDING_FIELDS.every((field) => field in backend);
}

/** WebGPU backend of TensorFlow.js that rejects pending reads when the device is lost; the stock backend hangs. */
export class LabWebGpu extends WebGPUBackend {
  /** Compiled pipelines of this project's programs, by the key of the program. */
  readonly pipelines = new Map<string, Pipeline>();
  readonly recording: Recording;
  #lost: GpuLostError | undefined;
  /** Rejects each pending read when the device is lost. */
  readonly #waiting = new Set<(error: GpuLostError) => void>();
  /** First validation error of the device, such as a program that does not compile; later results are meaningless. */
  #deviceError: Error | undefined;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    this.recording = recordingOf(this);
    void device.lost.then(({ message, reason }) => {
      const lost = new GpuLostError(message.split('\n', 1)[0] || reason);
      this.#lost = lost;
      for (const reject of this.#waiting) reject(lost);
    });
    device.addEventListener('uncapturederror', (event) => {
      this.#deviceError ??= new Error(`The GPU reported an error: ${(event as GPUUncapturedErrorEvent).error.message}`);
    });
  }

  /** Shared memory of a workgroup in bytes. */
  get sharedMemory(): number {
    return this.device.limits.maxComputeWorkgroupStorageSize;
  }

  override async read(dataId: DataId): Promise<Values> {
    if (this.#lost) throw this.#lost;
    const values = await new Promise<Values>((resolve, reject) => {
      this.#waiting.add(reject);
      super
        .read(dataId)
        .catch(async (error: unknown) => this.#explain(error))
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
    if (this.#deviceError) throw this.#deviceError;
    return values;
  }

  /**
   * Waits until the pending read is rejected because the GPU was lost. In a browser, a lost device ends the mapping of a
   * buffer first, with an error that does not say why.
   * @throws the error, if the device is not lost
   */
  async #explain(error: unknown): Promise<never> {
    await delay(LOSS_NOTICE, new AbortController().signal);
    throw this.#lost ?? error;
  }
}
