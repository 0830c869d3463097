import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';

/** A number that a program takes without being compiled anew for it. */
export interface Uniform {
  readonly name: string;
  readonly value: number;
}

export interface SequenceProgram {
  /** Names the program and all that its code was written for. */
  readonly key: string;
  /** Inputs by the names that the code has for them: arrays of f32, or of i32. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** Shape of the one output, `result`. */
  readonly outputShape: readonly number[];
  readonly threads: number;
  /** One for each sequence. */
  readonly workgroups: number;
  readonly uniforms: readonly Uniform[];
  /** WGSL: what stands outside of `main`, and `main`. */
  readonly code: string;
}

/** Runs a program of our own on TensorFlow.js' device and among its other work. */
export function run(backend: WebGPUBackend, { key, inputs, outputShape, threads, workgroups, uniforms, code }: SequenceProgram): tf.Tensor3D {
  const program: WebGPUProgram = {
    shaderKey: key,
    variableNames: Object.keys(inputs),
    outputShape: [...outputShape],
    dispatchLayout: { x: [0, 1, 2] },
    dispatch: [workgroups, 1, 1],
    workgroupSize: [threads, 1, 1],
    uniforms: uniforms.map(({ name }) => `${name} : i32,`).join(' '),
    getUserCode: () => code,
  };
  const info = backend.runWebGPUProgram(program, Object.values(inputs), 'float32', uniforms.map(({ value }) => ({ type: 'int32', data: [value] })));
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor3D;
}

/** Threads of a workgroup that has so many units to share out: whole warps, and no more than every device allows. */
export function threadsFor(units: number): number {
  return Math.min(256, Math.ceil(units / 32) * 32);
}
