import * as tf from '@tensorflow/tfjs';
import type { LabeledBatch, SequenceBatcher } from '../data/labeled/sequenceBatcher.ts';
import type { TextClassifier } from '../models/textClassifier.ts';
import { type NamedTensor, readTensors, writeVariables } from '../models/weights.ts';
import type { GeneratorState } from '../random/generator.ts';
import { Adam } from './optimizers.ts';
import { classifierGradients } from './classifierGradients.ts';
import { type Clipping, type Update, updateWeights } from './update.ts';
import { WeightAverage } from './weightAverage.ts';

export interface ClassifierTrainerOptions {
  /** Fraction of the words that training reads as `<unk>`. The model's masks draw them, so the model needs masks. */
  readonly wordDropout: number;
  /** Norm of the adversarial perturbation of a sequence's word vectors; 0 turns it off. */
  readonly adversarialNorm: number;
  /** Weight decay of AdamW. */
  readonly weightDecay: number;
  /** Decay of the weight average per step. */
  readonly averageDecay: number;
}

/** The part of a checkpoint that is not tensors. */
export interface ClassifierTrainerState {
  readonly iterations: number;
  readonly position: { readonly epoch: number; readonly batch: number };
  /** State of the generator of the dropout masks; undefined without dropout. */
  readonly masks?: GeneratorState | undefined;
}

/** Steps between updates of the weight average: consecutive weights differ little, and reading them is slow. */
const AVERAGED_STEPS = 4;

/**
 * Trains a text classifier batch by batch, and keeps a moving average of its weights for evaluation and saving.
 */
export class ClassifierTrainer {
  readonly #model: TextClassifier;
  readonly #batcher: SequenceBatcher;
  readonly #options: ClassifierTrainerOptions;
  readonly #optimizer: Adam;
  readonly #average: WeightAverage;

  constructor(model: TextClassifier, batcher: SequenceBatcher, options: ClassifierTrainerOptions) {
    this.#model = model;
    this.#batcher = batcher;
    this.#options = options;
    this.#optimizer = new Adam(model.parameters, options.weightDecay);
    this.#average = new WeightAverage(model.parameters, options.averageDecay ** AVERAGED_STEPS);
  }

  /**
   * Runs one training step.
   * @throws DivergenceError if the loss or a gradient is not finite; the weights then keep their values
   */
  async step(learningRate: number, clipping: Clipping): Promise<Update> {
    const batch = this.#dropWords(this.#batcher.next());
    const { loss, gradients } = await classifierGradients(this.#model, batch, this.#options.adversarialNorm);
    try {
      const update = await updateWeights(
        this.#optimizer,
        this.#model.parameters,
        { loss, gradients },
        learningRate,
        clipping,
      );
      if (this.#optimizer.iterations % AVERAGED_STEPS === 0) await this.#average.update();
      return update;
    } finally {
      tf.dispose([loss, ...gradients]);
    }
  }

  /** Runs `body`, such as an evaluation or saving, with the averaged weights. */
  async withAverage<T>(body: () => Promise<T>): Promise<T> {
    return this.#average.during(body);
  }

  /** Weights, moments of Adam and averages, for `restore` together with `state`. */
  async tensors(): Promise<NamedTensor[]> {
    const variables = [...this.#model.parameters, ...this.#optimizer.variables];
    return [
      ...(await readTensors(variables.map(({ name, variable }) => ({ name, tensor: variable })))),
      ...this.#average.tensors(),
    ];
  }

  get state(): ClassifierTrainerState {
    const { masks } = this.#model;
    return {
      iterations: this.#optimizer.iterations,
      position: this.#batcher.position,
      ...(masks && { masks: [...masks.state] }),
    };
  }

  /** Restores a checkpoint. @throws Error that names a tensor that is missing or has another shape */
  restore(state: ClassifierTrainerState, tensors: readonly NamedTensor[]): void {
    writeVariables([...this.#model.parameters, ...this.#optimizer.variables], tensors);
    this.#average.restore(tensors, Math.floor(state.iterations / AVERAGED_STEPS));
    this.#optimizer.iterations = state.iterations;
    this.#batcher.seek(state.position);
    if (state.masks) this.#model.masks?.restore(state.masks);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }

  #dropWords(batch: LabeledBatch): LabeledBatch {
    const { masks } = this.#model;
    const { wordDropout } = this.#options;
    if (wordDropout === 0 || !masks) return batch;
    return {
      ...batch,
      ids: batch.ids.map((id, at) => (!batch.intact[at % batch.batch] && masks.nextUniform() < wordDropout ? 0 : id)),
    };
  }
}
