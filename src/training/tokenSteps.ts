import * as tf from '@tensorflow/tfjs';
import type { Stepper } from '../kernels/stepper.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { ModelState } from '../models/recurrentNetwork.ts';
import { advance, disposeState, pickRows } from './carriedState.ts';

/**
 * Logits of a language model while it writes: of a prompt, then of one token for each text at a time. A stepper runs the
 * tokens if the backend has one; it computes the same numbers as tensors do.
 */
export class TokenSteps {
  readonly #model: LanguageModel;
  readonly #rows: number;
  #state: ModelState;
  #stepper: Stepper | undefined;

  /**
   * @param state state before the prompt, which is disposed with this object
   * @param rows maximum number of texts
   */
  constructor(model: LanguageModel, state: ModelState, rows: number) {
    this.#model = model;
    this.#state = state;
    this.#rows = rows;
  }

  /**
   * Reads the prompts.
   * @param ids token ids `[timeSteps, batch]`
   * @returns logits after the last step, `[batch, vocabularySize]`
   */
  async begin(ids: Int32Array, batch: number): Promise<Float32Array> {
    const logits = await this.#advance(ids, batch, this.#state);
    this.#stepper = this.#model.stepper(this.#state, this.#rows);
    return logits;
  }

  /**
   * Reads one token of each text.
   * @param from for each text, the one of the last step that it continues; without it, every text continues itself
   * @returns logits `[texts, vocabularySize]`
   */
  next(ids: Int32Array, from?: readonly number[]): Float32Array | Promise<Float32Array> {
    // The next step writes over the outputs of a stepper.
    return this.#stepper ? this.#stepper.step(ids, from).slice() : this.#nextOfTensors(ids, from);
  }

  dispose(): void {
    this.#stepper?.dispose();
    disposeState(this.#state);
  }

  async #nextOfTensors(ids: Int32Array, from: readonly number[] | undefined): Promise<Float32Array> {
    if (!from) return this.#advance(ids, ids.length, this.#state);
    const picked = pickRows(this.#state, from);
    try {
      return await this.#advance(ids, ids.length, picked);
    } finally {
      disposeState(picked);
    }
  }

  async #advance(ids: Int32Array, batch: number, from: ModelState): Promise<Float32Array> {
    const { result, state } = advance(this.#model, ids, [ids.length / batch, batch], from, (logits) =>
      tf.slice(logits, [logits.shape[0] - batch, 0]),
    );
    disposeState(this.#state);
    this.#state = state;
    const values = await result.data<'float32'>();
    result.dispose();
    return values;
  }
}
