import * as tf from '@tensorflow/tfjs';
import { registerWebGpuKernels } from '../kernels/webgpu/register.ts';
import { requireFrom } from '../platform/system.ts';
import { DAWN_REFUSED } from '../protocol/trainerEnvironment.ts';
import { type Backend, type BackendEnvironment, BackendUnavailableError } from './backend.ts';
import { findDawn } from './findDawn.ts';
import { nvidiaGpus } from './nvidiaGpus.ts';

/** An adapter as Dawn gives it; the types that TensorFlow.js brings along are older. */
type Adapter = GPUAdapter & { readonly info: GPUAdapterInfo & { readonly isFallbackAdapter: boolean } };

const NAME = 'webgpu';
const NOT_FOUND = `there is no build of Dawn for ${process.platform}-${process.arch} beside the extension, nor the npm package "webgpu"`;

/** TensorFlow.js on WebGPU, which Dawn gives to Node: the GPU of any maker. */
export const webgpuBackend: Backend = {
  name: NAME,
  ownProcess: true,
  unavailable: (environment) => missing(environment, findDawn(environment)),
  threadCounts: () => [1],
  async load(environment) {
    const addon = findDawn(environment);
    const reason = missing(environment, addon);
    if (addon === undefined || reason !== undefined) throw new BackendUnavailableError(reason ?? NOT_FOUND);
    tf.enableProdMode();
    const gpu = giveWebGpu(addon);
    const adapter = (await gpu.requestAdapter({ powerPreference: 'high-performance' })) as Adapter | null;
    if (!adapter)
      throw new BackendUnavailableError(
        'no GPU answers; on Linux that takes the driver of the GPU and the Vulkan loader (libvulkan1)',
      );
    const software = adapter.info.isFallbackAdapter;
    const device = deviceName(adapter.info);
    const arrays = adapter.limits.maxStorageBuffersPerShaderStage;
    if (arrays < ARRAYS_NEEDED)
      throw new BackendUnavailableError(
        `the programs of ${device} may use ${arrays} arrays, and ours use ${ARRAYS_NEEDED}`,
      );
    if (!tf.findBackendFactory(NAME)) await register(adapter);
    if (!(await tf.setBackend(NAME)))
      throw new BackendUnavailableError(`WebGPU was found on ${device}, but its backend does not start`);
    registerWebGpuKernels();
    await provesItself(device);
    return {
      name: NAME,
      device: software ? `${device} (software)` : device,
      threads: 1,
      version: tf.version['tfjs-core'],
      software,
    };
  },
};

/** Arrays that the largest of our programs takes and gives: the backward passes of LSTM and GRU. */
const ARRAYS_NEEDED = 10;

/** All that stands in the way before anything is loaded, so that it can be mended in one go. */
function missing({ ownProcess = false }: BackendEnvironment, addon: string | undefined): string | undefined {
  // Dawn aborts its process when a thread ends in which a number is waited for.
  const shared = ownProcess
    ? undefined
    : 'WebGPU needs a trainer in a process of its own; set sequenceLab.trainer.isolation to "process"';
  // Its V8 keeps the memory of native code out of its sandbox.
  const desktop =
    process.versions['electron'] === undefined
      ? undefined
      : 'in desktop VS Code WebGPU computes in a Node of your own; choose the backend "webgpu", or set sequenceLab.nodePath';
  const reasons = [addon === undefined ? NOT_FOUND : undefined, process.env[DAWN_REFUSED] ?? desktop, shared].filter(
    (reason) => reason !== undefined,
  );
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/**
 * What people call an adapter, such as "NVIDIA H100 PCIe, 81559 MiB". Dawn tells its name in small letters with dashes,
 * a description of its driver, and nothing of its memory; where there is NVIDIA's own tool, that tells more.
 */
function deviceName({ description, device, vendor, architecture, isFallbackAdapter }: Adapter['info']): string {
  if (isFallbackAdapter && description !== '') return description;
  const dashed = (name: string) =>
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  const known =
    vendor === 'nvidia' ? nvidiaGpus().find((gpu) => dashed(gpu.split(',', 1)[0] ?? '') === dashed(device)) : undefined;
  return known ?? (device || description || [vendor, architecture].filter(Boolean).join(' ') || 'a GPU without a name');
}

/** The one of this thread: its Vulkan instance lasts as long as it. */
let given: GPU | undefined;

/** Loads Dawn and puts what WebGPU defines where browsers have it: TensorFlow.js looks there. */
function giveWebGpu(addon: string): GPU {
  if (given) return given;
  try {
    const dawn = requireFrom(import.meta.url)(addon) as { create(options: string[]): GPU; globals: object };
    given = dawn.create([]);
    Object.assign(globalThis, dawn.globals);
    // Node has a navigator of its own, that of VS Code's extension host throws when it is read.
    Object.defineProperty(globalThis, 'navigator', { value: { gpu: given, userAgent: 'Node.js' }, configurable: true });
    return given;
  } catch (error) {
    throw new BackendUnavailableError(`Dawn does not load: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Asks for the largest limits that the adapter has: the default ones are those of a telephone. */
async function register(adapter: Adapter): Promise<void> {
  const { LabWebGpu } = await import('../kernels/webgpu/backend.ts');
  const { limits, info } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  // Importing TensorFlow.js' backend has registered a factory that asks for a device of its own.
  tf.removeBackend(NAME);
  tf.registerBackend(NAME, () => new LabWebGpu(device, info));
}

/**
 * A process with V8's sandbox, such as desktop VS Code's, cannot see Dawn's memory: that shows at the first number read
 * back.
 */
async function provesItself(device: string): Promise<void> {
  const three = tf.tidy(() => tf.add(tf.ones([1]), 2));
  try {
    const [value] = await three.data();
    if (value !== 3) throw new Error(`1 + 2 is ${value}`);
  } catch (error) {
    throw new BackendUnavailableError(
      `${device} computes, but this process cannot read what: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  } finally {
    three.dispose();
  }
}
