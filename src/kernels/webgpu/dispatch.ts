import * as tf from '@tensorflow/tfjs';
import type { LabWebGpu } from './backend.ts';

/** WGSL without the bindings and the head of the entry point, which `dispatch` adds. */
export interface Code {
  /** Functions and workgroup arrays. */
  readonly declarations?: string;
  /** Body of the entry point, with `group : vec3i`, `groups : vec3i`, `local : vec3i` and `localIndex : i32`. */
  readonly body: string;
}

/** A program and its arguments. */
export interface Work<Output extends string> {
  /** Key of the program. It must include every compile-time option except the names and types of the inputs. */
  readonly name: string;
  /** Input arrays (f32 or i32) by their names in the code. Undefined inputs are not bound. */
  readonly inputs: Readonly<Record<string, tf.Tensor | undefined>>;
  /** Shapes of the output arrays (f32) by their names in the code. */
  readonly outputs: Readonly<Record<Output, readonly number[]>>;
  /** Values of `uniforms.NAME` (i32); other values do not need another compilation. */
  readonly integers?: Readonly<Record<string, number>>;
  /** Values of `uniforms.NAME` (f32). */
  readonly reals?: Readonly<Record<string, number>>;
  /**
   * One dispatch per element, with that value in `uniforms.step`; each sees the writes of the earlier ones. Defaults to
   * a single dispatch with step 0.
   */
  readonly steps?: readonly number[];
  readonly workgroupSize: readonly [x: number, y: number];
  readonly workgroups: readonly [x: number, y: number];
  code(): Code;
}

/** A program compiled for a device. */
export interface Pipeline {
  readonly compute: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const BYTES_PER_NUMBER = 4;
/** Alignment of a struct in WGSL's address space `uniform`. */
const UNIFORM_BYTES = 16;

/** Records a program in the command stream of TensorFlow.js and returns its outputs. */
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
  const { recording } = backend;
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
  // Type of the array, not of the tensor: booleans are stored as i32.
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

/** Uniforms in memory order; `step` is the last. */
function fieldsOf({ integers = {}, reals = {} }: Work<string>, step = 0): Field[] {
  const fields = (values: Readonly<Record<string, number>>, type: 'i32' | 'f32') =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }));
  return [...fields(integers, 'i32'), ...fields(reals, 'f32'), { name: 'step', type: 'i32', value: step }];
}

/** Buffer with the uniforms of all steps, and the stride between them in bytes. */
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
