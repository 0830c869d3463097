import * as tf from '@tensorflow/tfjs';
import type { ConvolutionPoolInputs, LstmInputs, Taps } from '../kernels/contract.ts';
import {
  adamStep,
  attention,
  attentionPool,
  convolutionPool,
  denseCrossEntropy,
  embeddingLookup,
  gruSequence,
  l2Norms,
  lstmSequence,
  maskSteps,
  maxPool,
  rnnSequence,
  softmaxCrossEntropy,
} from '../kernels/ops.ts';
import { registerReferenceKernels } from '../kernels/reference/register.ts';

/** A kernel and its error relative to the reference. */
export interface KernelCheck {
  readonly kernel: string;
  /** The largest error of any output or gradient, relative to its largest magnitude. */
  readonly error: number;
}

/** The backend of the reference: typed arrays. */
const REFERENCE = 'cpu';
/** Lower bound of the magnitude that errors are relative to. */
const FLOOR = 1e-6;
/** Sizes that are not multiples of a tile. */
const [T, B, IN, V] = [7, 5, 19, 67];
/** More units than a GPU workgroup has threads. */
const UNITS = 300;

/** Widths of filters, one wider than the shortest sequences. */
const CONVOLUTION_WIDTHS = [1, 2, 5];

/** Named tensors of a check; ids and lengths are int32. */
type Inputs = Record<string, tf.Tensor>;

interface Check {
  readonly kernel: string;
  /** False for an optimizer's step. */
  readonly differentiable?: boolean;
  /** @param H number of units, for kernels that have units */
  inputs(H: number): Inputs;
  /** Outputs that are differentiated with respect to the float32 inputs, and other outputs. */
  run(inputs: never, others: tf.Tensor[]): tf.Tensor[];
}

const lengths = () => tf.tensor1d([7, 1, 4, 6, 2], 'int32');
const ids = (...shape: number[]) =>
  tf.reshape(
    tf.tensor1d(
      Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => (index * 31) % V),
      'int32',
    ),
    shape,
  );
const numbers = (...shape: number[]) =>
  tf.randomUniform(shape, -0.3, 0.3, 'float32', 1 + shape.length * 1000 + tf.util.sizeFromShape(shape));

/** Adds the values that taps receive to the compared outputs. */
const tapping = (others: tf.Tensor[]): { taps: Taps } => ({
  taps: {
    receive: (norms) => void others.push(norms),
    receiveOutputs: (outputs) => void others.push(...outputs),
  },
});

function sequences(H: number, gates: number, masked: boolean, oneHot: boolean, bias: readonly number[]): Inputs {
  const [x, width] = oneHot ? [ids(T, B), V] : [numbers(T, B, IN), IN];
  return {
    x,
    kernel: numbers(width, gates * H),
    recurrentKernel: numbers(H, gates * H),
    bias: numbers(...bias),
    h0: numbers(B, H),
    ...(masked && { lengths: lengths() }),
  };
}

const recurrent: Check[] = [false, true].flatMap((masked) =>
  [false, true].flatMap((reverse): Check[] => {
    const manner = `${masked ? ', masked' : ''}${reverse ? ', in reverse' : ''}`;
    return [
      {
        kernel: `LSTM${manner}`,
        inputs: (H) => ({ ...sequences(H, 4, masked, reverse, [4 * H]), c0: numbers(B, H) }),
        run: (inputs: LstmInputs, others) => Object.values(lstmSequence(inputs, { reverse, ...tapping(others) })),
      },
      ...[false, true].map((resetAfter): Check => ({
        kernel: `GRU that resets ${resetAfter ? 'after' : 'before'} the product${manner}`,
        inputs: (H) => sequences(H, 3, masked, reverse, resetAfter ? [2, 3 * H] : [3 * H]),
        run: (inputs: Parameters<typeof gruSequence>[0], others) => [
          gruSequence(inputs, { reverse, resetAfter, ...tapping(others) }),
        ],
      })),
      ...(['tanh', 'relu', 'linear'] as const).map((activation): Check => ({
        kernel: `RNN, ${activation}${manner}`,
        inputs: (H) => sequences(H, 1, masked, reverse, [H]),
        run: (inputs: Parameters<typeof rnnSequence>[0], others) => [
          rnnSequence(inputs, { reverse, activation, ...tapping(others) }),
        ],
      })),
    ];
  }),
);

const others: Check[] = [
  {
    kernel: 'embedding',
    inputs: () => ({ table: numbers(V, IN), ids: ids(T, B) }),
    run: (inputs: Parameters<typeof embeddingLookup>[0]) => [embeddingLookup(inputs)],
  },
  {
    kernel: 'softmax cross-entropy',
    inputs: () => ({ logits: numbers(T * B, V), targets: ids(T * B) }),
    run: (inputs: Parameters<typeof softmaxCrossEntropy>[0]) => [softmaxCrossEntropy(inputs)],
  },
  {
    kernel: 'softmax cross-entropy of many classes',
    inputs: () => ({ logits: numbers(B, 5000), targets: ids(B) }),
    run: (inputs: Parameters<typeof softmaxCrossEntropy>[0]) => [softmaxCrossEntropy(inputs)],
  },
  {
    kernel: 'dense layer with cross-entropy',
    inputs: (H) => ({ x: numbers(T, B, H), kernel: numbers(H, V), bias: numbers(V), targets: ids(T * B) }),
    run: (inputs: Parameters<typeof denseCrossEntropy>[0]) => [denseCrossEntropy(inputs)],
  },
  {
    kernel: 'attention pooling',
    inputs: (H) => ({ h: numbers(T, B, H), scores: numbers(T, B), lengths: lengths() }),
    run: (inputs: Parameters<typeof attentionPool>[0]) => [attentionPool(inputs).pooled],
  },
  ...[false, true].map((additive): Check => ({
    kernel: `attention, ${additive ? 'additive' : 'dot'}`,
    inputs: (H) => ({
      query: numbers(4, B, IN),
      keys: numbers(T, B, IN),
      values: numbers(T, B, H),
      lengths: lengths(),
      ...(additive && { score: numbers(IN) }),
    }),
    run: (inputs: Parameters<typeof attention>[0]) => [attention(inputs).context],
  })),
  {
    kernel: 'masking of steps',
    inputs: (H) => ({ x: numbers(T, B, H), lengths: lengths() }),
    run: (inputs: Parameters<typeof maskSteps>[0]) => [maskSteps(inputs)],
  },
  {
    kernel: 'max pooling',
    inputs: (H) => ({ h: numbers(T, B, H), lengths: lengths() }),
    run: (inputs: Parameters<typeof maxPool>[0]) => [maxPool(inputs)],
  },
  ...(['max', 'mean'] as const).map((pooling): Check => ({
    kernel: `convolution, ${pooling} over time`,
    inputs: (H) => ({
      x: numbers(T, B, IN),
      lengths: lengths(),
      ...Object.fromEntries(CONVOLUTION_WIDTHS.map((width, n) => [`kernel${n}`, numbers(width * IN, H)])),
      ...Object.fromEntries(CONVOLUTION_WIDTHS.map((_, n) => [`bias${n}`, numbers(H)])),
    }),
    run: (inputs: ConvolutionPoolInputs) => {
      const filters = CONVOLUTION_WIDTHS.map((_, n) => ({ kernel: inputs[`kernel${n}`]!, bias: inputs[`bias${n}`]! }));
      return [convolutionPool({ ...inputs, filters }, { pooling })];
    },
  })),
  {
    kernel: 'Adam',
    differentiable: false,
    inputs: (H) => ({
      weights: numbers(H, IN),
      m: numbers(H, IN),
      v: tf.abs(numbers(H, IN)),
      gradient: numbers(H, IN),
    }),
    run: (inputs: Parameters<typeof adamStep>[0], results) => {
      results.push(
        ...adamStep(inputs, {
          learningRate: 0.01,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
          step: 3,
          gradientScale: 0.5,
        }),
      );
      return [];
    },
  },
];

/**
 * Runs every kernel forward and backward, on the current backend and on the reference, and returns the relative errors.
 */
export async function checkKernels(units = UNITS): Promise<KernelCheck[]> {
  const backend = tf.getBackend();
  registerReferenceKernels(REFERENCE);
  const checks: KernelCheck[] = [];
  try {
    for (const check of [...recurrent, ...others]) {
      await tf.setBackend(REFERENCE);
      const inputs = Object.entries(check.inputs(units)).map(([name, tensor]) => ({
        name,
        shape: tensor.shape,
        dtype: tensor.dtype,
        values: tensor.dataSync(),
      }));
      const expected = await resultsOf(check, inputs);
      await tf.setBackend(backend);
      const actual = await resultsOf(check, inputs);
      checks.push({
        kernel: check.kernel,
        error: Math.max(...expected.map((tensor, index) => errorOf(actual[index]!, tensor))),
      });
    }
    checks.push({ kernel: 'L2 norms', error: await normError() });
    return checks;
  } finally {
    await tf.setBackend(backend);
  }
}

type Numbers = tf.TypedArray;

/** Outputs and gradients. */
async function resultsOf(
  { run, differentiable = true }: Check,
  given: readonly { name: string; shape: number[]; dtype: tf.DataType; values: Numbers }[],
): Promise<Numbers[]> {
  const tensors = tf.tidy(() => {
    const inputs = Object.fromEntries(
      given.map(({ name, shape, dtype, values }) => [name, tf.tensor(values, shape, dtype)]),
    );
    const variable = Object.keys(inputs).filter((name) => inputs[name]?.dtype === 'float32');
    const kept: tf.Tensor[] = [];
    const loss = (...values: tf.Tensor[]): tf.Tensor => {
      const outputs = run(
        {
          ...inputs,
          ...Object.fromEntries(variable.map((name, index) => [name, values[index]!])),
        } as never,
        kept,
      );
      kept.push(...outputs.map((output) => tf.keep(tf.clone(output))));
      return outputs.reduce<tf.Tensor>(
        (sum, output) => tf.add(sum, tf.sum(tf.mul(output, weightsLike(output)))),
        tf.scalar(0),
      );
    };
    const values = variable.map((name) => inputs[name]!);
    if (differentiable) kept.push(...tf.grads(loss)(values));
    else loss(...values);
    return kept.map((tensor) => tf.keep(tensor));
  });
  try {
    return await Promise.all(tensors.map(async (tensor) => tensor.data()));
  } finally {
    tf.dispose(tensors);
  }
}

/** Weights of a loss; they differ, so that errors do not cancel. */
function weightsLike({ size, shape }: tf.Tensor): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: size }, (_, index) => Math.cos(index)),
    shape,
  );
}

function errorOf(actual: Numbers, expected: Numbers): number {
  let [largest, error] = [FLOOR, 0];
  expected.forEach((value: number, index: number) => {
    const distance = Math.abs((actual[index] ?? NaN) - value);
    largest = Math.max(largest, Math.abs(value));
    error = Number.isNaN(distance) ? Infinity : Math.max(error, distance);
  });
  return error / largest;
}

/** L2 norms of numbers whose squares overflow or underflow float32, compared with float64. */
async function normError(): Promise<number> {
  const values = [Array.from({ length: 5000 }, (_, index) => Math.sin(index)), [3e-30, 4e-30], [3e30, 4e30]];
  const expected = values.map((each) => Math.hypot(...each));
  const norms = tf.tidy(() => l2Norms(values.map((each) => tf.tensor1d(each))));
  const parts = await norms.data();
  norms.dispose();
  return Math.max(...expected.map((norm, row) => Math.abs(parts[2 * row]! * 2 ** parts[2 * row + 1]! - norm) / norm));
}
