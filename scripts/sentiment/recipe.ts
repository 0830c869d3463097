/** How the bundled model is trained. Chosen on a validation part of the training data. */
export interface Recipe {
  readonly seed: number;
  /** Classifiers whose logits are averaged. */
  readonly members: number;
  /** Share of the distinct texts that one more classifier is trained without, to fit the calibration on. */
  readonly heldOut: number;
  readonly units: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Peak of the learning rate of AdamW, reached after `warmUp` steps. */
  readonly learningRate: number;
  readonly warmUp: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly wordDropout: number;
  readonly inputDropout: number;
  readonly pooledDropout: number;
  readonly adversarialNorm: number;
  readonly averageDecay: number;
  /** Sentences with negation and contrast built from templates, new ones in every epoch. */
  readonly templates: number;
}

export const recipe: Recipe = {
  seed: 1,
  members: 3,
  heldOut: 0.1,
  units: 96,
  epochs: 6,
  batchSize: 50,
  learningRate: 1.5e-3,
  warmUp: 100,
  weightDecay: 0,
  clipNorm: 1,
  wordDropout: 0.2,
  inputDropout: 0.15,
  pooledDropout: 0.3,
  adversarialNorm: 0.3,
  averageDecay: 0.99,
  templates: 2800,
};
