import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import type { BatchStream } from '../data/batchStream.ts';
import type { StackOptions } from '../layers/recurrentStack.ts';
import { type NamedTensor, readTensors } from '../models/weights.ts';
import type { TrainerOptions } from './languageModelTrainer.ts';
import { type Learner, OptimizedModel, optimizedState } from './optimizedModel.ts';
import type { TrainingLoop } from './trainingTask.ts';
import type { Clipping, Update } from './update.ts';

const stateSchema = optimizedState.extend({
  /** Position in the stream of sequences; checked by the stream. */
  position: z.unknown(),
});

/** Returns the mean loss of a batch with dropout, a scalar. Called inside `tf.tidy`. */
export type LossOf<Batch> = (batch: Batch, options: StackOptions) => tf.Scalar;

/** Back-propagation through whole sequences, batch by batch, for any model. */
export class SequenceTrainer<Batch> implements TrainingLoop {
  readonly #model: Learner;
  readonly #batches: BatchStream<Batch>;
  readonly #loss: LossOf<Batch>;
  readonly #optimized: OptimizedModel;
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
    this.#optimized = new OptimizedModel(model, optimizer);
  }

  get itemsPerStep(): number {
    return this.#batches.batchSize;
  }

  async step(learningRate: number, clipping: Clipping): Promise<Update> {
    const batch = this.#batches.next();
    const variables = this.#model.parameters.map(({ variable }) => variable);
    const options = { tapsOf: this.#tapsOf, training: true };
    const { value: loss, grads } = tf.tidy(() => tf.variableGrads(() => this.#loss(batch, options), variables));
    const gradients = variables.map(({ name }) => grads[name]!);
    return this.#optimized.update({ loss, gradients }, learningRate, clipping);
  }

  async checkWeights(): Promise<void> {
    await this.#optimized.checkWeights();
  }

  async tensors(): Promise<NamedTensor[]> {
    return readTensors(this.#optimized.tensors);
  }

  get state(): z.input<typeof stateSchema> {
    return { ...this.#optimized.state, position: this.#batches.position };
  }

  restore(stored: unknown, tensors: readonly NamedTensor[]): void {
    const state = stateSchema.parse(stored);
    this.#optimized.restore(state, tensors);
    this.#batches.seek(state.position);
  }

  dispose(): void {
    this.#optimized.dispose();
  }
}
