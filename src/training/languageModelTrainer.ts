import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import type { StreamBatcher } from '../data/streamBatcher.ts';
import type { LanguageModel, ModelState } from '../models/languageModel.ts';
import { type NamedTensor, type Parameter, readTensors, writeVariables } from '../models/weights.ts';
import { disposeState, stateTensors, storedState } from './carriedState.ts';
import { assertFinite } from './divergence.ts';
import { lossAndGradients, type TapsOf } from './lossAndGradients.ts';
import { createOptimizer, type Optimizer, type OptimizerChoice } from './optimizer.ts';
import { type Clipping, type Update, updateWeights } from './update.ts';

/** What one optimizer step measured. */
export interface StepResult extends Update {
  /** Mean cross-entropy of the window in nats per character, before the update. */
  readonly loss: number;
}

/** The part of a checkpoint that is not tensors. */
export const trainerStateSchema = z.object({
  iterations: z.int().nonnegative(),
  position: z.object({ epoch: z.int().nonnegative(), window: z.int().nonnegative() }),
  /** State of the generator of dropout's masks, where there is dropout. */
  masks: z.tuple([z.int(), z.int(), z.int(), z.int()]).optional(),
});

export type TrainerState = z.output<typeof trainerStateSchema>;

export interface TrainerOptions extends Partial<OptimizerChoice> {
  /** Where the recurrent layers send what they measure in every step; without it they measure nothing. */
  readonly tapsOf?: TapsOf | undefined;
}

/**
 * Truncated back-propagation through time with carried state: each step trains on the window of text that
 * follows the one before, starts from the hidden state the last one ended with, and cuts the gradient there.
 */
export class LanguageModelTrainer {
  readonly #model: LanguageModel;
  readonly #batcher: StreamBatcher;
  readonly #optimizer: Optimizer;
  readonly #tapsOf: TapsOf | undefined;
  #state: ModelState;

  /** Trains with Adam where the options do not say otherwise. */
  constructor(model: LanguageModel, batcher: StreamBatcher, { optimizer = 'adam', momentum = 0, tapsOf }: TrainerOptions = {}) {
    this.#model = model;
    this.#batcher = batcher;
    this.#tapsOf = tapsOf;
    this.#optimizer = createOptimizer({ optimizer, momentum }, model.parameters);
    this.#state = model.zeroState(batcher.batchSize);
  }

  /**
   * One training step.
   * @throws DivergenceError when loss or gradient is not finite; the weights are then left as they were
   */
  async step(learningRate: number, clipping: Clipping): Promise<StepResult> {
    const { inputs, targets, startOfEpoch } = this.#batcher.next();
    if (startOfEpoch) this.#carry(this.#model.zeroState(this.#batcher.batchSize));
    const window = { inputs, targets, timeSteps: this.#batcher.timeSteps, batch: this.#batcher.batchSize };

    const { loss, gradients, state } = lossAndGradients(this.#model, window, this.#state, this.#tapsOf);
    this.#carry(state);
    try {
      const [lossValue = NaN] = await loss.data();
      assertFinite('the loss', lossValue);
      const update = await updateWeights(this.#optimizer, this.#model.parameters, gradients, learningRate, clipping);
      return { loss: lossValue, ...update };
    } finally {
      tf.dispose([loss, ...gradients]);
    }
  }

  /** Weights, what the optimizer keeps and the carried state: with `state`, all that `restore` needs. */
  async tensors(): Promise<NamedTensor[]> {
    const variables = this.#variables.map(({ name, variable }) => ({ name, tensor: variable }));
    return readTensors([...variables, ...stateTensors(this.#state)]);
  }

  get state(): TrainerState {
    const { masks } = this.#model;
    const { iterations } = this.#optimizer;
    return { iterations, position: this.#batcher.position, ...(masks && { masks: [...masks.state] }) };
  }

  /** Goes back to a stored moment. @throws Error that names a tensor which is missing or of another shape. */
  restore(state: TrainerState, tensors: readonly NamedTensor[]): void {
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
