import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import type { BatchStream } from '../data/batchStream.ts';
import type { StackOptions } from '../layers/recurrentStack.ts';
import { type Generator, generatorState } from '../random/generator.ts';
import { type NamedTensor, type Parameter, readTensors, writeVariables } from '../models/weights.ts';
import type { TrainerOptions } from './languageModelTrainer.ts';
import { createOptimizer, type Optimizer } from './optimizers.ts';
import type { TrainingLoop } from './trainingTask.ts';
import { type Clipping, type Update, updateWeights } from './update.ts';

const stateSchema = z.object({
  iterations: z.int().nonnegative(),
  /** Position in the stream of sequences; checked by the stream. */
  position: z.unknown(),
  /** State of the random generator of the dropout masks; undefined without dropout. */
  masks: generatorState.optional(),
});

/** A model to train: its trainable tensors, and the generator of its dropout masks, if any. */
export interface Learner {
  readonly parameters: readonly Parameter[];
  readonly masks: Generator | undefined;
}

/** Returns the mean loss of a batch with dropout, a scalar. Called inside `tf.tidy`. */
export type LossOf<Batch> = (batch: Batch, options: StackOptions) => tf.Scalar;

/** Back-propagation through whole sequences, batch by batch, for any model. */
export class SequenceTrainer<Batch> implements TrainingLoop {
  readonly #model: Learner;
  readonly #batches: BatchStream<Batch>;
  readonly #loss: LossOf<Batch>;
  readonly #optimizer: Optimizer;
  readonly #tapsOf: TrainerOptions['tapsOf'];

  /** Trains with Adam by default. */
  constructor(
    model: Learner,
    batches: BatchStream<Batch>,
    loss: LossOf<Batch>,
    { tapsOf, ...optimizer }: TrainerOptions = {},
  ) {
    this.#model = model;
    this.#batches = batches;
    this.#loss = loss;
    this.#tapsOf = tapsOf;
    this.#optimizer = createOptimizer(optimizer, model.parameters);
  }

  get itemsPerStep(): number {
    return this.#batches.batchSize;
  }

  async step(learningRate: number, clipping: Clipping): Promise<Update> {
    const batch = this.#batches.next();
    const { parameters } = this.#model;
    const variables = parameters.map(({ variable }) => variable);
    const options = { tapsOf: this.#tapsOf, training: true };
    const { value: loss, grads } = tf.tidy(() => tf.variableGrads(() => this.#loss(batch, options), variables));
    const gradients = variables.map(({ name }) => grads[name]!);
    try {
      return await updateWeights(this.#optimizer, parameters, { loss, gradients }, learningRate, clipping);
    } finally {
      tf.dispose([loss, ...gradients]);
    }
  }

  async tensors(): Promise<NamedTensor[]> {
    return readTensors(this.#variables.map(({ name, variable }) => ({ name, tensor: variable })));
  }

  get state(): z.input<typeof stateSchema> {
    const { masks } = this.#model;
    const { iterations } = this.#optimizer;
    return { iterations, position: this.#batches.position, ...(masks && { masks: [...masks.state] }) };
  }

  restore(stored: unknown, tensors: readonly NamedTensor[]): void {
    const state = stateSchema.parse(stored);
    writeVariables(this.#variables, tensors);
    this.#optimizer.iterations = state.iterations;
    this.#batches.seek(state.position);
    if (state.masks) this.#model.masks?.restore(state.masks);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }

  get #variables(): Parameter[] {
    return [...this.#model.parameters, ...this.#optimizer.variables];
  }
}
