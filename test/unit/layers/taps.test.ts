import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { LstmInputs, Norms, Taps } from '../../../src/kernels/contract.ts';
import { gruSequence, lstmSequence, rnnSequence } from '../../../src/kernels/ops.ts';
import { Random } from '../../oracle/random.ts';

const [STEPS, BATCH, INPUTS, UNITS] = [5, 3, 4, 6];

function randomTensor(...shape: number[]): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(Float32Array.from(new Random(size).matrix(1, size, 0.8).values), shape);
}

function inputsFor(gates: number): LstmInputs {
  return {
    x: randomTensor(STEPS, BATCH, INPUTS),
    kernel: randomTensor(INPUTS, gates * UNITS) as tf.Tensor2D,
    recurrentKernel: randomTensor(UNITS, gates * UNITS) as tf.Tensor2D,
    bias: randomTensor(gates * UNITS) as tf.Tensor1D,
    h0: randomTensor(BATCH, UNITS) as tf.Tensor2D,
    c0: randomTensor(BATCH, UNITS) as tf.Tensor2D,
  };
}

/** The sum of the cell's values that enter the loss, and the number of its kinds of norms. */
const cells = {
  LSTM: { gates: 4, kinds: 2, loss: (inputs: LstmInputs, taps?: Taps) => tf.sum(lstmSequence(inputs, { taps }).h) },
  'LSTM, of which the loss sees the last cell state only': {
    gates: 4,
    kinds: 2,
    loss: (inputs: LstmInputs, taps?: Taps) => tf.sum(lstmSequence(inputs, { taps }).cLast),
  },
  GRU: {
    gates: 3,
    kinds: 1,
    loss: ({ c0: _, ...inputs }: LstmInputs, taps?: Taps) => tf.sum(gruSequence(inputs, { taps, resetAfter: false })),
  },
  RNN: {
    gates: 1,
    kinds: 1,
    loss: ({ c0: _, ...inputs }: LstmInputs, taps?: Taps) => tf.sum(rnnSequence(inputs, { taps, activation: 'tanh' })),
  },
};

/** The sizes of all tensors that are created from values during `run`. */
function sizesMade(run: () => void): number[] {
  const engine = tf.engine();
  const { makeTensor } = engine;
  const sizes: number[] = [];
  engine.makeTensor = (values, shape, ...others) => {
    sizes.push(shape.reduce((product, length) => product * length, 1));
    return makeTensor.call(engine, values, shape, ...others);
  };
  try {
    run();
  } finally {
    engine.makeTensor = makeTensor;
  }
  return sizes;
}

describe('taps of the kernels', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const [name, { gates, kinds, loss }] of Object.entries(cells)) {
    describe(name, () => {
      const gradientOf = (inputs: LstmInputs, taps?: Taps): tf.Tensor =>
        tf.grad(() => loss(inputs, taps) as tf.Scalar)(inputs.kernel);

      it('receive the intermediate values once per pass, and own them', () => {
        const inputs = inputsFor(gates);
        const norms: Norms[] = [];
        let outputs: readonly tf.Tensor[] = [];
        const before = tf.memory().numTensors;
        const taps: Taps = {
          receive: (received) => norms.push(received),
          receiveOutputs: (received) => (outputs = received),
        };
        const gradient = tf.tidy(() => gradientOf(inputs, taps));
        assert.deepEqual(
          norms.map(({ shape }) => shape),
          [[kinds, STEPS, BATCH]],
        );
        assert.deepEqual(outputs[0]?.shape, [STEPS, BATCH, UNITS]);
        tf.dispose([gradient, ...norms, ...outputs]);
        assert.equal(tf.memory().numTensors, before);
      });

      it('change no gradient', () => {
        const inputs = inputsFor(gates);
        const taps: Taps = { receive: (norms) => norms.dispose() };
        assert.deepEqual(gradientOf(inputs, taps).dataSync(), gradientOf(inputs).dataSync());
      });

      it('are free if not used: no tensor is kept, and none is created for missing gradients', () => {
        const inputs = inputsFor(gates);
        const before = tf.memory().numTensors;
        const sizes = sizesMade(() => tf.tidy(() => void gradientOf(inputs)));
        assert.equal(tf.memory().numTensors, before);
        // One has the size of the hidden states: their gradient. Gradients of c or the gates would be additional.
        assert.deepEqual(
          sizes.filter((size) => size > BATCH * UNITS),
          [STEPS * BATCH * UNITS],
        );
      });
    });
  }

  it('receive no gradient if the loss does not depend on the values, and leak no tensors', () => {
    const inputs = inputsFor(4);
    const before = tf.memory().numTensors;
    const gradient = tf.tidy(() =>
      tf.grad((x) => {
        lstmSequence(inputs, { taps: { receive: () => assert.fail('There is no backward pass.') } });
        return tf.sum(tf.square(x));
      })(inputs.x),
    );
    gradient.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});
