import * as z from 'zod';
import type { Generator } from '../../random/generator.ts';
import { logSumExp, normalized } from '../logarithms.ts';
import type { SparseVector } from './bag.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';

const shapeSchema = z.strictObject({
  /** Width of the vectors. */
  columns: z.int().positive(),
  /** Hidden units with tanh; 0 makes it logistic regression. */
  hiddenUnits: z.int().nonnegative(),
  classes: z.int().positive(),
});

export type FeedForwardShape = z.output<typeof shapeSchema>;

const feedForwardSchema = z
  .strictObject({ version: z.literal(1), shape: shapeSchema, parameters: z.array(z.number()) })
  .refine(({ shape, parameters }) => parameters.length === parameterCount(shape), {
    error: 'there must be one number for each weight and bias',
  });

/** Position of a layer in the parameters: a kernel `[inputs, outputs]`, followed by a bias `[outputs]`. */
interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly start: number;
}

/**
 * Feed-forward network on bags of words: softmax of one dense layer (multinomial logistic regression), or of two with
 * tanh between them (a multilayer perceptron). All parameters are in one vector, as `minimize` expects them.
 */
export class FeedForward {
  readonly shape: FeedForwardShape;
  readonly parameters: Float64Array;
  readonly #layers: readonly Layer[];

  /** @throws RangeError if the number of parameters does not match the shape */
  constructor(shape: FeedForwardShape, parameters: Float64Array) {
    if (parameters.length !== parameterCount(shape)) {
      throw new RangeError(
        `A network of this shape has ${parameterCount(shape)} parameters; ${parameters.length} were given.`,
      );
    }
    this.shape = shape;
    this.parameters = parameters;
    this.#layers = layersOf(shape);
  }

  /** Glorot-uniform kernels and zero biases; logistic regression, which is convex, starts at zero. */
  static initial(shape: FeedForwardShape, generator: Generator): FeedForward {
    const parameters = new Float64Array(parameterCount(shape));
    for (const { inputs, outputs, start } of shape.hiddenUnits > 0 ? layersOf(shape) : []) {
      const limit = Math.sqrt(6 / (inputs + outputs));
      for (let at = start; at < start + inputs * outputs; at++)
        parameters[at] = limit * (2 * generator.nextUniform() - 1);
    }
    return new FeedForward(shape, parameters);
  }

  /** Restores a network from the output of `toJSON`. @throws Error that names the invalid part */
  static fromJSON(json: unknown): FeedForward {
    const result = feedForwardSchema.safeParse(json);
    if (!result.success)
      throw new PhrasedError(phrase('This is not a bag-of-words network of Sequence Lab. {0}', textOf(result.error)));
    return new FeedForward(result.data.shape, Float64Array.from(result.data.parameters));
  }

  /** `P(class | text)`, `[classes]`. */
  probabilities(vector: SparseVector): Float64Array {
    return normalized(this.#forward(vector).logits);
  }

  /**
   * Mean cross-entropy in nats plus `weightDecay / 2` times the sum of squares of the kernels, and the gradient with
   * respect to all parameters.
   * @param labels class of each vector
   */
  lossAndGradient(
    vectors: readonly SparseVector[],
    labels: ArrayLike<number>,
    weightDecay: number,
  ): { value: number; gradient: Float64Array } {
    const gradient = new Float64Array(this.parameters.length);
    let loss = 0;
    vectors.forEach((vector, index) => {
      const { hidden, logits } = this.#forward(vector);
      const label = labels[index]!;
      loss += logSumExp(logits) - logits[label]!;
      const dLogits = normalized(logits).map(
        (probability, k) => (probability - (k === label ? 1 : 0)) / vectors.length,
      );
      this.#backward(vector, hidden, dLogits, gradient);
    });
    let squares = 0;
    for (const { inputs, outputs, start } of this.#layers) {
      for (let at = start; at < start + inputs * outputs; at++) {
        const weight = this.parameters[at]!;
        squares += weight ** 2;
        gradient[at] = gradient[at]! + weightDecay * weight;
      }
    }
    return { value: loss / vectors.length + (weightDecay / 2) * squares, gradient };
  }

  toJSON(): z.output<typeof feedForwardSchema> {
    return { version: 1, shape: this.shape, parameters: [...this.parameters] };
  }

  #forward(vector: SparseVector): { hidden: SparseVector | undefined; logits: Float64Array } {
    const [first, second] = this.#layers as [Layer, Layer?];
    const outputs = this.#dense(first, vector);
    if (!second) return { hidden: undefined, logits: outputs };
    const hidden = { columns: Int32Array.from(outputs.keys()), values: outputs.map(Math.tanh) };
    return { hidden, logits: this.#dense(second, hidden) };
  }

  /** Adds the gradient of one text to the total. */
  #backward(
    vector: SparseVector,
    hidden: SparseVector | undefined,
    dLogits: Float64Array,
    gradient: Float64Array,
  ): void {
    const [first, second] = this.#layers as [Layer, Layer?];
    if (!second || !hidden) return addOuterProduct(first, vector, dLogits, gradient);
    addOuterProduct(second, hidden, dLogits, gradient);
    const dHidden = hidden.values.map((activation, unit) => {
      const row = this.parameters.subarray(second.start + unit * second.outputs);
      return (1 - activation ** 2) * dLogits.reduce((sum, d, k) => sum + d * row[k]!, 0);
    });
    addOuterProduct(first, vector, dHidden, gradient);
  }

  #dense({ inputs, outputs, start }: Layer, { columns, values }: SparseVector): Float64Array {
    const bias = start + inputs * outputs;
    const sums = this.parameters.slice(bias, bias + outputs);
    for (let at = 0; at < columns.length; at++) {
      const row = start + columns[at]! * outputs;
      for (let k = 0; k < outputs; k++) sums[k] = sums[k]! + values[at]! * this.parameters[row + k]!;
    }
    return sums;
  }
}

/** Number of weights and biases. */
function parameterCount(shape: FeedForwardShape): number {
  return layersOf(shape).reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
}

function layersOf({ columns, hiddenUnits, classes }: FeedForwardShape): readonly Layer[] {
  if (hiddenUnits === 0) return [{ inputs: columns, outputs: classes, start: 0 }];
  return [
    { inputs: columns, outputs: hiddenUnits, start: 0 },
    { inputs: hiddenUnits, outputs: classes, start: (columns + 1) * hiddenUnits },
  ];
}

function addOuterProduct(
  { inputs, outputs, start }: Layer,
  { columns, values }: SparseVector,
  dOutputs: Float64Array,
  gradient: Float64Array,
): void {
  for (let at = 0; at < columns.length; at++) {
    const row = start + columns[at]! * outputs;
    for (let k = 0; k < outputs; k++) gradient[row + k] = gradient[row + k]! + values[at]! * dOutputs[k]!;
  }
  const bias = start + inputs * outputs;
  for (let k = 0; k < outputs; k++) gradient[bias + k] = gradient[bias + k]! + dOutputs[k]!;
}
