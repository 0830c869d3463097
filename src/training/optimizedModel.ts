import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import { type NamedTensor, type Parameter, writeVariables } from '../models/weights.ts';
import { type Generator, generatorState } from '../random/generator.ts';
import { createOptimizer, type Optimizer, type OptimizerChoice } from './optimizers.ts';
import { type Backward, checkWeights, type Clipping, type Update, updateWeights } from './update.ts';

/** A model to train: its trainable tensors, and the generator of its dropout masks, if any. */
export interface Learner {
  readonly parameters: readonly Parameter[];
  readonly masks: Generator | undefined;
}

/** State of an optimized model in a checkpoint, besides its tensors. */
export const optimizedState = z.object({
  iterations: z.int().nonnegative(),
  /** State of the random generator of the dropout masks; undefined without dropout. */
  masks: generatorState.optional(),
});

/** A model with the optimizer of its weights. */
export class OptimizedModel {
  readonly #model: Learner;
  readonly #optimizer: Optimizer;

  /** @param choice Adam by default */
  constructor(model: Learner, choice: OptimizerChoice) {
    this.#model = model;
    this.#optimizer = createOptimizer(choice, model.parameters);
  }

  /**
   * Clips the gradients, updates the weights, and disposes loss and gradients.
   * @throws DivergenceError if the loss or a gradient is not finite; the weights then keep their values
   */
  async update(backward: Backward, learningRate: number, clipping: Clipping): Promise<Update> {
    try {
      return await updateWeights(this.#optimizer, this.#model.parameters, backward, learningRate, clipping);
    } finally {
      tf.dispose([backward.loss, ...backward.gradients]);
    }
  }

  /** @throws DivergenceError if the last update left a weight that is not finite */
  async checkWeights(): Promise<void> {
    await checkWeights(this.#model.parameters);
  }

  /** Weights and state of the optimizer, for a checkpoint. */
  get tensors(): { readonly name: string; readonly tensor: tf.Tensor }[] {
    return this.#variables.map(({ name, variable }) => ({ name, tensor: variable }));
  }

  get state(): z.input<typeof optimizedState> {
    const { masks } = this.#model;
    return { iterations: this.#optimizer.iterations, ...(masks && { masks: [...masks.state] }) };
  }

  restore({ iterations, masks }: z.output<typeof optimizedState>, tensors: readonly NamedTensor[]): void {
    writeVariables(this.#variables, tensors);
    this.#optimizer.iterations = iterations;
    if (masks) this.#model.masks?.restore(masks);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }

  get #variables(): Parameter[] {
    return [...this.#model.parameters, ...this.#optimizer.variables];
  }
}
