import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import type { StreamBatcher } from '../data/streamBatcher.ts';
import type { LanguageModel, ModelState, Parameter } from '../models/languageModel.ts';
import { type NamedTensor, readTensors, writeVariables } from '../models/weights.ts';
import { Adam } from './adam.ts';
import { disposeState } from './carriedState.ts';
import { assertFinite } from './divergence.ts';
import { clipScale, globalNorm, normsOf } from './gradientNorm.ts';
import { lossAndGradients, type TapsOf } from './lossAndGradients.ts';

/** What one optimizer step measured. */
export interface StepResult {
  /** Mean cross-entropy of the window in nats per character, before the update. */
  readonly loss: number;
  /** Global L2 norm of the gradient before and after clipping. */
  readonly gradNorm: number;
  readonly clippedNorm: number;
}

/** The part of a checkpoint that is not tensors. */
export const trainerStateSchema = z.object({
  iterations: z.int().nonnegative(),
  position: z.object({ epoch: z.int().nonnegative(), window: z.int().nonnegative() }),
});

export type TrainerState = z.output<typeof trainerStateSchema>;

/**
 * Truncated back-propagation through time with carried state: each step trains on the window of text that
 * follows the one before, starts from the hidden state the last one ended with, and cuts the gradient there.
 */
export class LanguageModelTrainer {
  readonly #model: LanguageModel;
  readonly #batcher: StreamBatcher;
  readonly #optimizer: Adam;
  readonly #tapsOf: TapsOf | undefined;
  #state: ModelState;

  /** @param tapsOf where the recurrent layers send what they measure in every step; without it they measure nothing */
  constructor(model: LanguageModel, batcher: StreamBatcher, tapsOf?: TapsOf) {
    this.#model = model;
    this.#batcher = batcher;
    this.#tapsOf = tapsOf;
    this.#optimizer = new Adam(model.parameters);
    this.#state = model.zeroState(batcher.batchSize);
  }

  /**
   * One training step.
   * @param clipNorm largest global norm of the gradient; 0 does not clip
   * @throws DivergenceError when loss or gradient is not finite; the weights are then left as they were
   */
  async step(learningRate: number, clipNorm: number): Promise<StepResult> {
    const { inputs, targets, startOfEpoch } = this.#batcher.next();
    if (startOfEpoch) this.#carry(this.#model.zeroState(this.#batcher.batchSize));
    const window = { inputs, targets, timeSteps: this.#batcher.timeSteps, batch: this.#batcher.batchSize };

    const { loss, gradients, state } = lossAndGradients(this.#model, window, this.#state, this.#tapsOf);
    this.#carry(state);
    try {
      const [lossValue = NaN] = await loss.data();
      assertFinite('the loss', lossValue);
      const norms = await this.#norms(gradients);
      const gradNorm = globalNorm(norms);
      const scale = clipScale(gradNorm, clipNorm);
      this.#optimizer.apply(gradients, learningRate, scale);
      return { loss: lossValue, gradNorm, clippedNorm: gradNorm * scale };
    } finally {
      tf.dispose([loss, ...gradients]);
    }
  }

  /** Weights, moments of Adam and carried state: with `state`, all that `restore` needs. */
  async tensors(): Promise<NamedTensor[]> {
    const variables = this.#variables.map(({ name, variable }) => ({ name, tensor: variable }));
    const carried = this.#state.flatMap(({ h, c }, layer) => [
      { name: `state/${layer}/h`, tensor: h },
      { name: `state/${layer}/c`, tensor: c },
    ]);
    return readTensors([...variables, ...carried]);
  }

  get state(): TrainerState {
    return { iterations: this.#optimizer.iterations, position: this.#batcher.position };
  }

  /** Goes back to a stored moment. @throws Error that names a tensor which is missing or of another shape. */
  restore(state: TrainerState, tensors: readonly NamedTensor[]): void {
    writeVariables(this.#variables, tensors);
    const carried = (name: string) => {
      const tensor = tensors.find((candidate) => candidate.name === name);
      if (!tensor) throw new Error(`The checkpoint has no tensor "${name}".`);
      return tf.tensor2d(tensor.values, [this.#batcher.batchSize, this.#model.shape.units]);
    };
    this.#carry(this.#state.map((_, layer) => ({ h: carried(`state/${layer}/h`), c: carried(`state/${layer}/c`) })));
    this.#optimizer.iterations = state.iterations;
    this.#batcher.seek(state.position);
  }

  dispose(): void {
    disposeState(this.#state);
    this.#optimizer.dispose();
  }

  get #variables(): Parameter[] {
    return [...this.#model.parameters, ...this.#optimizer.variables];
  }

  async #norms(gradients: readonly tf.Tensor[]): Promise<number[]> {
    const norms = await normsOf(gradients);
    this.#model.parameters.forEach(({ name }, index) => assertFinite(`the gradient of ${name}`, norms[index] ?? NaN));
    return norms;
  }

  #carry(state: ModelState): void {
    disposeState(this.#state);
    this.#state = state;
  }
}
