import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import type { StreamBatcher } from '../data/streamBatcher.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { ModelState } from '../models/recurrentNetwork.ts';
import { type NamedTensor, type Parameter, readTensors, writeVariables } from '../models/weights.ts';
import { generatorState } from '../random/generator.ts';
import { disposeState, stateTensors, storedState } from './carriedState.ts';
import { lossAndGradients, type TapsOf } from './lossAndGradients.ts';
import { createOptimizer, type Optimizer, type OptimizerChoice } from './optimizers.ts';
import type { TrainingLoop } from './trainingTask.ts';
import { type Clipping, type Update, updateWeights } from './update.ts';

const stateSchema = z.object({
  iterations: z.int().nonnegative(),
  position: z.object({ epoch: z.int().nonnegative(), window: z.int().nonnegative() }),
  /** State of the random generator of the dropout masks; undefined without dropout. */
  masks: generatorState.optional(),
});

export interface TrainerOptions extends OptimizerChoice {
  /** Receivers of the measurements of the recurrent layers in every step; without them nothing is measured. */
  readonly tapsOf?: TapsOf | undefined;
}

/**
 * Truncated backpropagation through time with carried state: each step trains on the next window of text, starts from
 * the final hidden state of the previous window, and truncates the gradient there.
 */
export class LanguageModelTrainer implements TrainingLoop {
  readonly #model: LanguageModel;
  readonly #batcher: StreamBatcher;
  readonly #optimizer: Optimizer;
  readonly #tapsOf: TapsOf | undefined;
  #state: ModelState;

  /** Trains with Adam by default. */
  constructor(model: LanguageModel, batcher: StreamBatcher, { tapsOf, ...optimizer }: TrainerOptions = {}) {
    this.#model = model;
    this.#batcher = batcher;
    this.#tapsOf = tapsOf;
    this.#optimizer = createOptimizer(optimizer, model.parameters);
    this.#state = model.zeroState(batcher.batchSize);
  }

  get itemsPerStep(): number {
    return this.#batcher.batchSize * this.#batcher.stride;
  }

  async step(learningRate: number, clipping: Clipping): Promise<Update> {
    const { startOfEpoch, ...stretch } = this.#batcher.next();
    const { timeSteps, batchSize: batch, stride } = this.#batcher;
    if (startOfEpoch) this.#carry(this.#model.zeroState(this.#batcher.batchSize));
    const window = { ...stretch, timeSteps, batch, stride };
    const { loss, gradients, state } = lossAndGradients(this.#model, window, this.#state, this.#tapsOf);
    this.#carry(state);
    try {
      return await updateWeights(this.#optimizer, this.#model.parameters, { loss, gradients }, learningRate, clipping);
    } finally {
      tf.dispose([loss, ...gradients]);
    }
  }

  async tensors(): Promise<NamedTensor[]> {
    const variables = this.#variables.map(({ name, variable }) => ({ name, tensor: variable }));
    return readTensors([...variables, ...stateTensors(this.#state)]);
  }

  get state(): z.input<typeof stateSchema> {
    const { masks } = this.#model;
    const { iterations } = this.#optimizer;
    return { iterations, position: this.#batcher.position, ...(masks && { masks: [...masks.state] }) };
  }

  restore(stored: unknown, tensors: readonly NamedTensor[]): void {
    const state = stateSchema.parse(stored);
    writeVariables(this.#variables, tensors);
    this.#carry(storedState(this.#state, tensors));
    this.#optimizer.iterations = state.iterations;
    this.#batcher.seek(state.position);
    if (state.masks) this.#model.masks?.restore(state.masks);
  }

  dispose(): void {
    disposeState(this.#state);
    this.#optimizer.dispose();
  }

  get #variables(): Parameter[] {
    return [...this.#model.parameters, ...this.#optimizer.variables];
  }

  #carry(state: ModelState): void {
    disposeState(this.#state);
    this.#state = state;
  }
}
