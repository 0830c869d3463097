import assert from 'node:assert/strict';
import type { WholeOptions } from '../../../src/kernels/webgpu/code.ts';
import type { Code } from '../../../src/kernels/webgpu/dispatch.ts';
import * as gruBackward from '../../../src/kernels/webgpu/gruBackwardCode.ts';
import * as gruForward from '../../../src/kernels/webgpu/gruForwardCode.ts';
import * as lstm from '../../../src/kernels/webgpu/lstmCode.ts';
import * as rnn from '../../../src/kernels/webgpu/rnnCode.ts';

const UNITS = 5;

/** Shaders for whole sequences, with the number of shared floats per unit that the kernels assume. */
const codes: Readonly<Record<string, readonly [code: (options: WholeOptions) => Code, shared: number]>> = {
  LSTM: [lstm.wholeForward, lstm.FORWARD_SHARED],
  'LSTM, backward': [lstm.wholeBackward, lstm.BACKWARD_SHARED],
  'GRU, reset before': [gruForward.wholeResetBefore, gruForward.SHARED],
  'GRU, reset after': [gruForward.wholeResetAfter, gruForward.SHARED],
  'GRU, reset before, backward': [gruBackward.wholeResetBefore, gruBackward.SHARED],
  'GRU, reset after, backward': [gruBackward.wholeResetAfter, gruBackward.SHARED],
  RNN: [rnn.wholeForward('tanh'), rnn.FORWARD_SHARED],
  'RNN, backward': [rnn.wholeBackward('tanh'), rnn.BACKWARD_SHARED],
};

describe('a sequence on WebGPU', () => {
  for (const [name, [code, shared]] of Object.entries(codes)) {
    it(`uses no more shared memory than assumed: ${name}`, () => {
      const { declarations = '' } = code({ units: UNITS, threads: 32, reverse: false, masked: true });
      const arrays = [...declarations.matchAll(/var<workgroup> \w+ : array<f32, (\d+)>/g)];
      const floats = arrays.reduce((sum, [, length]) => sum + Number(length), 0);
      assert.ok(floats > 0 && floats <= shared * UNITS, `${floats} floats of ${shared * UNITS}`);
    });
  }
});
