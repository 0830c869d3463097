import * as tf from '@tensorflow/tfjs';
import { registerWebGpuKernels } from '../kernels/webgpu/register.ts';
import {
  browserGpu,
  environment as variables,
  isElectron,
  machineFacts,
  pathOf,
  requireFrom,
  runsNativeCode,
  withNativeOutputLogged,
} from '../platform/system.ts';
import { DAWN_REFUSED } from '../protocol/nativeBackends.ts';
import { type Backend, type BackendEnvironment, BackendUnavailableError } from './backend.ts';
import { nvidiaGpus } from './nvidiaGpus.ts';
import { dirname, join } from 'node:path';
import { existsHere } from '../platform/files.ts';
import { joined, phrase, type Text } from '../phrases/phrase.ts';
import { textOf } from '../phrases/causes.ts';

/** An adapter; the types included in TensorFlow.js are older. */
type Adapter = Omit<GPUAdapter, 'isFallbackAdapter'> & {
  readonly info: GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
  readonly isFallbackAdapter?: boolean;
};

const NAME = 'webgpu';
const { platform, arch } = machineFacts();
const NOT_FOUND = phrase(
  'there is no build of Dawn for {0}-{1} next to the extension, nor the npm package "webgpu"',
  platform,
  arch,
);
const NOT_IN_BROWSER = phrase('this browser has no WebGPU');

/** Path of the build for this platform within the npm package `webgpu`. */
const BUILD = join('dist', `${platform}-${platform === 'darwin' ? 'universal' : arch}`, 'dawn.node');

/** TensorFlow.js on WebGPU, which the browser provides, or Dawn in Node: GPUs of any vendor. */
export const webgpuBackend: Backend = {
  name: NAME,
  ownProcess: runsNativeCode,
  unavailable: (environment) =>
    runsNativeCode ? missing(environment, findDawn(environment)) : browserGpu() ? undefined : NOT_IN_BROWSER,
  threadCounts: () => [1],
  async load(environment) {
    const gpu = runsNativeCode ? dawn(environment) : browserGpu();
    if (!gpu) throw new BackendUnavailableError(NOT_IN_BROWSER);
    tf.enableProdMode();
    const adapter = (await gpu.requestAdapter({ powerPreference: 'high-performance' })) as Adapter | null;
    if (!adapter)
      throw new BackendUnavailableError(
        runsNativeCode
          ? phrase('no GPU was found; on Linux, WebGPU needs the driver of the GPU and the Vulkan loader (libvulkan1)')
          : phrase('the browser allows no GPU to this page'),
      );
    // Older browsers have it on the adapter.
    const software = adapter.info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
    const device = deviceName(adapter.info);
    const arrays = adapter.limits.maxStorageBuffersPerShaderStage;
    if (arrays < ARRAYS_NEEDED)
      throw new BackendUnavailableError(
        phrase('{0} allows {1} storage buffers per shader; the kernels need {2}', device, arrays, ARRAYS_NEEDED),
      );
    if (!tf.findBackendFactory(NAME)) await register(adapter);
    if (!(await tf.setBackend(NAME)))
      throw new BackendUnavailableError(phrase('WebGPU was found on {0}, but its backend does not start', device));
    registerWebGpuKernels();
    await verifyReadBack(device);
    return {
      name: NAME,
      device: software ? `${device} (software)` : device,
      threads: 1,
      version: tf.version['tfjs-core'],
      software,
    };
  },
};

/** Number of storage buffers of the largest shaders: the backward passes of LSTM and GRU. */
const ARRAYS_NEEDED = 10;

/** All obstacles that are known before anything is loaded, so that the user can fix them together. */
function missing({ ownProcess = false }: BackendEnvironment, addon: string | undefined): Text | undefined {
  // Dawn aborts its process when a thread ends while it waits for a value.
  const shared = ownProcess
    ? undefined
    : phrase('WebGPU needs a trainer in a separate process; set sequenceLab.trainer.isolation to "process"');
  // V8's sandbox in Electron excludes memory of native code.
  const desktop = isElectron
    ? phrase(
        'in desktop VS Code, WebGPU runs in a separate Node; choose the backend "webgpu", or set sequenceLab.nodePath',
      )
    : undefined;
  const reasons = [addon === undefined ? NOT_FOUND : undefined, variables[DAWN_REFUSED] ?? desktop, shared].filter(
    (reason) => reason !== undefined,
  );
  return reasons.length === 0 ? undefined : joined(reasons, '; ');
}

/**
 * The common name of an adapter, such as "NVIDIA H100 PCIe, 81559 MiB". Dawn reports a name in lower case with dashes,
 * a description of the driver and no memory size; NVIDIA's tool reports more, if it is installed.
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
  return known ?? (device || description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed GPU');
}

/** Dawn of this computer. @throws BackendUnavailableError with all reasons */
function dawn(environment: BackendEnvironment): GPU {
  const addon = findDawn(environment);
  const reason = missing(environment, addon);
  if (addon === undefined || reason !== undefined) throw new BackendUnavailableError(reason ?? NOT_FOUND);
  return loadDawn(addon, environment.home);
}

/** The GPU of this thread. Its Vulkan instance lives as long as this object. */
let gpuOfThread: GPU | undefined;

/** Loads Dawn and defines the globals of WebGPU as browsers do, because TensorFlow.js expects them. */
function loadDawn(addon: string, home: string): GPU {
  if (gpuOfThread) return gpuOfThread;
  try {
    const dawn = requireFrom(import.meta.url)(addon) as { create(options: string[]): GPU; globals: object };
    gpuOfThread = withNativeOutputLogged(home, () => dawn.create([]));
    Object.assign(globalThis, dawn.globals);
    // Node has a navigator too; the one of VS Code's extension host throws when it is read.
    Object.defineProperty(globalThis, 'navigator', {
      value: { gpu: gpuOfThread, userAgent: 'Node.js' },
      configurable: true,
    });
    return gpuOfThread;
  } catch (error) {
    throw new BackendUnavailableError(phrase('Dawn does not load: {0}', textOf(error)), {
      cause: error,
    });
  }
}

/** Requests the largest limits of the adapter; the defaults suit a phone. */
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
  // Importing the backend of TensorFlow.js has registered a factory that requests another device.
  tf.removeBackend(NAME);
  tf.registerBackend(NAME, () => new LabWebGpu(device, info));
}

/**
 * Reads one value back. This fails in a process with V8's sandbox, such as desktop VS Code, which cannot access Dawn's
 * memory.
 */
async function verifyReadBack(device: string): Promise<void> {
  const three = tf.tidy(() => tf.add(tf.ones([1]), 2));
  try {
    const [value] = await three.data();
    if (value !== 3) throw new Error(`1 + 2 is ${value}`);
  } catch (error) {
    throw new BackendUnavailableError(
      phrase('{0} computes, but this process cannot read the results: {1}', device, textOf(error)),
      { cause: error },
    );
  } finally {
    three.dispose();
  }
}

/**
 * Path of the addon that provides WebGPU in Node: next to the bundle (in a package for one platform), installed in the
 * shared folder, or from the npm package `webgpu` of the extension. The workspace is never searched, because its files
 * are not trusted.
 */
function findDawn({ home }: BackendEnvironment): string | undefined {
  const bundled = join(dirname(pathOf(import.meta.url)), 'dawn', 'dawn.node');
  const installed = join(home, 'webgpu', 'node_modules', 'webgpu', BUILD);
  return [bundled, installed, besideExtension()].find((path) => path !== undefined && existsHere(path));
}

function besideExtension(): string | undefined {
  try {
    return join(dirname(requireFrom(import.meta.url).resolve('webgpu')), BUILD);
  } catch {
    return undefined;
  }
}
