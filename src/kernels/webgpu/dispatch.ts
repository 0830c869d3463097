import * as tf from '@tensorflow/tfjs';
import type { LabWebGpu } from './backend.ts';

/** WGSL, but for the bindings and the head of the entry point. */
export interface Code {
  /** Functions, and arrays that a workgroup shares. */
  readonly declarations?: string;
  /** Of the entry point, which has `group : vec3i`, `groups : vec3i`, `local : vec3i` and `localIndex : i32`. */
  readonly body: string;
}

/** A program of our own, and what it is to work on. */
export interface Work<Output extends string> {
  /** Names the program, and all that its code was written for but its inputs' names and types. */
  readonly name: string;
  /** By the names that the code has for them: arrays of f32 or of i32. Those that are left out are not bound. */
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  /** Shapes of what comes out, f32, by the names that the code has for them. */
  readonly outputs: Readonly<Record<Output, readonly number[]>>;
  /** Numbers that the code takes as `uniforms.NAME` without being compiled anew for them: i32. */
  readonly integers?: Readonly<Record<string, number>>;
  /** The same, f32. */
  readonly reals?: Readonly<Record<string, number>>;
  /**
   * One dispatch for each of these, which it knows as `uniforms.step`; each sees what those before it wrote. Left out,
   * one with 0.
   */
  readonly steps?: readonly number[];
  readonly workgroupSize: readonly [x: number, y: number];
  readonly workgroups: readonly [x: number, y: number];
  code(): Code;
}

/** A program that was compiled for a device. */
export interface Pipeline {
  readonly compute: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const BYTES_PER_NUMBER = 4;
/** Alignment of the whole in WGSL's address space `uniform`. */
const UNIFORM_BYTES = 16;

/**
 * What TensorFlow.js' backend keeps of work that is recorded and not yet submitted. Its own `runWebGPUProgram` records
 * a program of one output; ours have several, and many dispatches of one program over the same arrays.
 */
interface Recording {
  readonly commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  /** Tensors whose buffers must not go to others before the work is submitted. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GPUBuffer[];
}

/** Records a program of our own among TensorFlow.js' other work on the device. */
export function dispatch<Output extends string>(backend: LabWebGpu, work: Work<Output>): Record<Output, tf.Tensor> {
  const { outputs, steps = [0], workgroups } = work;
  const inputs = Object.entries(work.inputs).filter((input): input is [string, tf.Tensor] => input[1] !== undefined);
  const results = Object.entries<readonly number[]>(outputs).map(
    ([name, shape]) => [name, backend.makeTensorInfo([...shape], 'float32')] as const,
  );
  const arrays = [...inputs, ...results].map(([, { dataId }]) => dataId);
  for (const dataId of arrays) backend.uploadToGPU(dataId);

  const pipeline = pipelineOf(backend, work, inputs);
  const uniforms = uniformBuffer(backend, work, steps);
  const buffers = [
    ...arrays.map((dataId) => ({ buffer: backend.tensorMap.get(dataId).resource as GPUBuffer })),
    { buffer: uniforms.buffer, size: uniforms.size },
  ];
  const bindGroup = backend.device.createBindGroup({
    layout: pipeline.layout,
    entries: buffers.map((resource, binding) => ({ binding, resource })),
  });

  backend.ensureCommandEncoderReady();
  const recording = backend as unknown as Recording;
  recording.uniformPendingDisposal.push(uniforms.buffer);
  for (const dataId of arrays) recording.commandQueueOwnedIds.add(dataId);
  const pass = (recording.computePassEncoder ??= recording.commandEncoder.beginComputePass());
  pass.setPipeline(pipeline.compute);
  steps.forEach((_step, index) => {
    pass.setBindGroup(0, bindGroup, [index * uniforms.stride]);
    pass.dispatchWorkgroups(...workgroups);
  });
  recording.dispatchCountInPass += steps.length;
  if (recording.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  return Object.fromEntries(
    results.map(([name, info]) => [name, tf.engine().makeTensorFromTensorInfo(info)]),
  ) as Record<Output, tf.Tensor>;
}

function pipelineOf(
  backend: LabWebGpu,
  work: Work<string>,
  inputs: readonly (readonly [string, tf.Tensor])[],
): Pipeline {
  // The type of the array, not of the tensor: booleans are kept as i32.
  const read = inputs.map(([name, { dataId }]) => ({
    name,
    type: backend.tensorMap.get(dataId).dtype === 'float32' ? 'f32' : 'i32',
  }));
  const key = [work.name, ...read.map(({ name, type }) => `${name}:${type}`)].join(' ');
  const known = backend.pipelines.get(key);
  if (known) return known;

  const written = Object.keys(work.outputs).map((name) => ({ name, type: 'f32' }));
  const { device } = backend;
  const types: GPUBufferBindingType[] = [
    ...read.map(() => 'read-only-storage' as const),
    ...written.map(() => 'storage' as const),
  ];
  const layout = device.createBindGroupLayout({
    entries: [
      ...types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
      {
        binding: types.length,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: 'uniform' as const, hasDynamicOffset: true },
      },
    ],
  });
  const { declarations = '', body } = work.code();
  const array = (access: string) => (entry: { name: string; type: string }) => ({ ...entry, access });
  const bindings = [...read.map(array('read')), ...written.map(array('read_write'))];
  const [x, y] = work.workgroupSize;
  const code = `
    struct Uniforms { ${fieldsOf(work)
      .map(({ name, type }) => `${name} : ${type},`)
      .join(' ')} }
    ${bindings.map(({ name, type, access }, binding) => `@group(0) @binding(${binding}) var<storage, ${access}> ${name} : array<${type}>;`).join('\n')}
    @group(0) @binding(${bindings.length}) var<uniform> uniforms : Uniforms;
    ${declarations}
    @compute @workgroup_size(${x}, ${y}) fn main(
      @builtin(workgroup_id) groupOf : vec3u, @builtin(num_workgroups) groupsOf : vec3u,
      @builtin(local_invocation_id) localOf : vec3u, @builtin(local_invocation_index) localIndexOf : u32,
    ) {
      let group = vec3i(groupOf); let groups = vec3i(groupsOf); let local = vec3i(localOf); let localIndex = i32(localIndexOf);
      ${body}
    }`;
  const module = device.createShaderModule({ code, label: key });
  const compute = device.createComputePipeline({
    compute: { module, entryPoint: 'main' },
    label: key,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
  });
  const pipeline = { compute, layout };
  backend.pipelines.set(key, pipeline);
  return pipeline;
}

interface Field {
  readonly name: string;
  readonly type: 'i32' | 'f32';
  readonly value: number;
}

/** What the code takes as uniforms, in the order in which it lies in memory. `step` is the last. */
function fieldsOf({ integers = {}, reals = {} }: Work<string>, step = 0): Field[] {
  const fields = (values: Readonly<Record<string, number>>, type: 'i32' | 'f32') =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }));
  return [...fields(integers, 'i32'), ...fields(reals, 'f32'), { name: 'step', type: 'i32', value: step }];
}

/** The uniforms of all steps behind each other, and how far apart they are. */
function uniformBuffer(
  backend: LabWebGpu,
  work: Work<string>,
  steps: readonly number[],
): { buffer: GPUBuffer; size: number; stride: number } {
  const size = Math.ceil((BYTES_PER_NUMBER * fieldsOf(work).length) / UNIFORM_BYTES) * UNIFORM_BYTES;
  const alignment = backend.device.limits.minUniformBufferOffsetAlignment;
  const stride = Math.ceil(size / alignment) * alignment;
  const bytes = new DataView(new ArrayBuffer(stride * (steps.length - 1) + size));
  steps.forEach((step, index) => {
    fieldsOf(work, step).forEach(({ type, value }, field) => {
      const at = index * stride + field * BYTES_PER_NUMBER;
      if (type === 'i32') bytes.setInt32(at, value, true);
      else bytes.setFloat32(at, value, true);
    });
  });
  const buffer = backend.bufferManager.acquireBuffer(
    bytes.byteLength,
    GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM,
  );
  backend.queue.writeBuffer(buffer, 0, bytes.buffer);
  return { buffer, size, stride };
}
