import * as z from 'zod';
import type { WindowBatcher } from '../data/windowBatcher.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { ModelState } from '../models/recurrentNetwork.ts';
import { type NamedTensor, readTensors } from '../models/weights.ts';
import { disposeState, resetStreams, stateTensors, storedState } from './carriedState.ts';
import { lossAndGradients, type TapsOf } from './lossAndGradients.ts';
import { OptimizedModel, optimizedState } from './optimizedModel.ts';
import type { OptimizerChoice } from './optimizers.ts';
import type { TrainingLoop } from './trainingTask.ts';
import type { Clipping, Update } from './update.ts';

const stateSchema = optimizedState.extend({
  position: z.object({ epoch: z.int().nonnegative(), window: z.int().nonnegative() }),
});

export interface TrainerOptions extends OptimizerChoice {
  /** Receivers of the measurements of the recurrent layers in every step; without them nothing is measured. */
  readonly tapsOf?: TapsOf | undefined;
}

/**
 * Truncated backpropagation through time with carried state: each step trains on the next window of text, starts from
 * the final hidden state of the previous window, and truncates the gradient there. The state is reset where a document
 * begins.
 */
export class LanguageModelTrainer implements TrainingLoop {
  readonly #model: LanguageModel;
  readonly #batcher: WindowBatcher;
  readonly #optimized: OptimizedModel;
  readonly #tapsOf: TapsOf | undefined;
  #state: ModelState;

  /** Trains with Adam by default. */
  constructor(model: LanguageModel, batcher: WindowBatcher, { tapsOf, ...optimizer }: TrainerOptions = {}) {
    this.#model = model;
    this.#batcher = batcher;
    this.#tapsOf = tapsOf;
    this.#optimized = new OptimizedModel(model, optimizer);
    this.#state = model.zeroState(batcher.batchSize);
  }

  get itemsPerStep(): number {
    return this.#batcher.itemsPerWindow;
  }

  async step(learningRate: number, clipping: Clipping): Promise<Update> {
    const { startOfEpoch, streams, ...stretch } = this.#batcher.next();
    const { timeSteps, batchSize: batch, stride } = this.#batcher;
    if (startOfEpoch) this.#carry(this.#model.zeroState(this.#batcher.batchSize));
    else if (streams) this.#state = resetStreams(this.#state, streams.carried);
    const window = { ...stretch, timeSteps, batch, stride, counted: streams };
    const { loss, gradients, state } = lossAndGradients(this.#model, window, this.#state, this.#tapsOf);
    this.#carry(state);
    return this.#optimized.update({ loss, gradients }, learningRate, clipping);
  }

  async checkWeights(): Promise<void> {
    await this.#optimized.checkWeights();
  }

  async tensors(): Promise<NamedTensor[]> {
    return readTensors([...this.#optimized.tensors, ...stateTensors(this.#state)]);
  }

  get state(): z.input<typeof stateSchema> {
    return { ...this.#optimized.state, position: this.#batcher.position };
  }

  restore(stored: unknown, tensors: readonly NamedTensor[]): void {
    const state = stateSchema.parse(stored);
    this.#optimized.restore(state, tensors);
    this.#carry(storedState(this.#state, tensors));
    this.#batcher.seek(state.position);
  }

  dispose(): void {
    disposeState(this.#state);
    this.#optimized.dispose();
  }

  #carry(state: ModelState): void {
    disposeState(this.#state);
    this.#state = state;
  }
}
