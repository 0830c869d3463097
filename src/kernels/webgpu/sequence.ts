import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import type { SequenceInputs } from '../contract.ts';
import type { CodeOptions } from './code.ts';
import { run, threadsFor } from './program.ts';

/**
 * What the cells share on a GPU: a whole sequence in one dispatch, each sequence in a workgroup of its own, which keeps its states in shared
 * memory and reads the recurrent weights from the cache. So no step waits for another sequence. What does not depend on the step before (the
 * products with the inputs, the gradients of the weights) is one large product before or after. A program of TensorFlow.js has one output:
 * gates and states lie side by side in it, and are cut apart.
 */

const BYTES_PER_FLOAT = 4;

/** A walk over all steps of every sequence. */
export interface SequenceWalk {
  /** Of the cell and the direction in which gradients or states flow; with units and order of the steps it names the program. */
  readonly name: string;
  readonly units: number;
  readonly reverse: boolean;
  /** Inputs by the names that the code has for them; it has `lengths` besides. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** Steps of each sequence, where they are not all full. */
  readonly lengths: SequenceInputs['lengths'];
  /** Steps that are walked. */
  readonly timeSteps: number;
  readonly batch: number;
  /** Of `result`, `[rows, batch, width]`. */
  readonly rows: number;
  readonly width: number;
  code(options: CodeOptions): string;
}

/** Runs the code of a cell, one workgroup for each sequence. @returns `[rows, batch, width]` */
export function walkAll(backend: WebGPUBackend, { name, units, reverse, inputs, lengths, timeSteps, batch, rows, width, code }: SequenceWalk): tf.Tensor3D {
  const threads = threadsFor(units);
  return run(backend, {
    key: `sequenceLab${name} ${units} ${reverse}`,
    inputs: { ...inputs, lengths: lengths ?? tf.fill([batch], timeSteps, 'int32') },
    outputShape: [rows, batch, width],
    threads,
    workgroups: batch,
    uniforms: [{ name: 'timeSteps', value: timeSteps }, { name: 'batch', value: batch }],
    code: code({ units, threads, reverse }),
  });
}

/** Whether so many numbers have room in the shared memory of this device. */
export function fits({ device }: WebGPUBackend, floats: number): boolean {
  return BYTES_PER_FLOAT * floats <= device.limits.maxComputeWorkgroupStorageSize;
}

/** `[timeSteps, batch, width]` from the last axis, of the first `timeSteps` rows. */
export function part(all: tf.Tensor3D, timeSteps: number, from: number, width: number): tf.Tensor3D {
  return tf.slice(all, [0, 0, from], [timeSteps, all.shape[1], width]);
}

/** `[batch, width]` from the last axis of the last row, where a backward pass leaves what flows back to a first state. */
export function lastRow(all: tf.Tensor3D, from: number, width: number): tf.Tensor2D {
  const [rows, batch] = all.shape;
  return tf.reshape(tf.slice(all, [rows - 1, 0, from], [1, batch, width]), [batch, width]);
}
