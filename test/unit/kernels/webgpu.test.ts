import assert from 'node:assert/strict';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import { backendNamed } from '../../../src/backends/registry.ts';
import { gruSequence as referenceGru } from '../../../src/kernels/reference/gru.ts';
import { lstmSequence as referenceLstm } from '../../../src/kernels/reference/lstm.ts';
import { rnnSequence as referenceRnn } from '../../../src/kernels/reference/rnn.ts';
import { gruSequence, gruSequenceGrad } from '../../../src/kernels/webgpu/gru.ts';
import { lstmSequence, lstmSequenceGrad } from '../../../src/kernels/webgpu/lstm.ts';
import { rnnSequence, rnnSequenceGrad } from '../../../src/kernels/webgpu/rnn.ts';

const [TIME_STEPS, BATCH, UNITS] = [2, 3, 5];
const steps = (width: number) => tf.ones<tf.Rank.R3>([TIME_STEPS, BATCH, width]);
const state = () => tf.ones<tf.Rank.R2>([BATCH, UNITS]);
const weights = (gates: number) => ({ x: steps(4), kernel: tf.ones<tf.Rank.R2>([4, gates * UNITS]), recurrentKernel: tf.ones<tf.Rank.R2>([UNITS, gates * UNITS]), h0: state() });
const walk = { reverse: false, norms: true };

/** Each kernel on a device: its outputs. */
const kernels: Readonly<Record<string, (device: WebGPUBackend) => tf.Tensor[]>> = {
  LSTM: (device) => lstmSequence(lstm(), walk, device),
  'LSTM, backward': (device) => lstmSequenceGrad({ ...lstm(), ...outputsOf(['h', 'c', 'gates'], referenceLstm(lstm(), walk)), dh: steps(UNITS), dcLast: state() }, walk, device),
  'GRU, reset before': (device) => gruSequence(gru(false), { ...walk, resetAfter: false }, device),
  'GRU, reset before, backward': (device) => gruBackward(false, device),
  'GRU, reset after': (device) => gruSequence(gru(true), { ...walk, resetAfter: true }, device),
  'GRU, reset after, backward': (device) => gruBackward(true, device),
  RNN: (device) => rnnSequence(rnn(), { ...walk, activation: 'tanh' }, device),
  'RNN, backward': (device) => rnnSequenceGrad({ ...rnn(), ...outputsOf(['h'], referenceRnn(rnn(), { ...walk, activation: 'tanh' })), dh: steps(UNITS) }, { ...walk, activation: 'tanh' }, device),
};

describe('a sequence on WebGPU', () => {
  before(async () => {
    await backendNamed('reference').load({ home: '', tensorflowPath: '', threads: 1 });
  });

  for (const [name, kernel] of Object.entries(kernels)) {
    it(`asks for no more shared memory than a device has, and runs on the reference otherwise: ${name}`, () => {
      const needed = sharedBytes(programOf(kernel));
      assert.ok(needed >= 2 * 4 * UNITS, `${needed} bytes`);
      tf.tidy(() => {
        const outputs = kernel(deviceWith(needed - 1, (program) => assert.fail(`${program.shaderKey} was run`)));
        assert.ok(outputs.length > 0);
      });
    });
  }
});

function lstm() {
  return { ...weights(4), bias: tf.ones<tf.Rank.R1>([4 * UNITS]), c0: state() };
}

function gru(resetAfter: boolean) {
  return { ...weights(3), bias: (resetAfter ? tf.ones([2, 3 * UNITS]) : tf.ones([3 * UNITS])) as tf.Tensor1D | tf.Tensor2D };
}

function rnn() {
  return { ...weights(1), bias: tf.ones<tf.Rank.R1>([UNITS]) };
}

function gruBackward(resetAfter: boolean, device: WebGPUBackend): tf.Tensor[] {
  const forward = outputsOf(['h', 'gates', 'recurrentCandidate'], referenceGru(gru(resetAfter), { ...walk, resetAfter }));
  return gruSequenceGrad({ ...gru(resetAfter), ...forward, dh: steps(UNITS) }, { ...walk, resetAfter }, device);
}

/** Outputs by the names that a gradient kernel takes them under. */
function outputsOf<Name extends string>(names: readonly Name[], outputs: readonly tf.Tensor[]): Record<Name, tf.Tensor3D> {
  return Object.fromEntries(names.map((name, index) => [name, outputs[index]])) as Record<Name, tf.Tensor3D>;
}

function deviceWith(maxComputeWorkgroupStorageSize: number, runWebGPUProgram: (program: WebGPUProgram) => never): WebGPUBackend {
  return { device: { limits: { maxComputeWorkgroupStorageSize } }, runWebGPUProgram } as unknown as WebGPUBackend;
}

/** The program that a kernel would run where there is memory enough. */
function programOf(kernel: (device: WebGPUBackend) => tf.Tensor[]): WebGPUProgram {
  let found: WebGPUProgram | undefined;
  const stop = new Error('a program is run');
  const device = deviceWith(Infinity, (program) => {
    found = program;
    throw stop;
  });
  assert.throws(() => tf.tidy(() => kernel(device)), stop);
  assert.ok(found);
  return found;
}

/** Of all arrays that a workgroup shares. */
function sharedBytes(program: WebGPUProgram): number {
  const arrays = [...program.getUserCode().matchAll(/var<workgroup> \w+ : array<f32, (\d+)>/g)];
  return arrays.reduce((sum, [, length]) => sum + 4 * Number(length), 0);
}
