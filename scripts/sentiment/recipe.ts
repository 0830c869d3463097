/** Hyperparameters of a bidirectional network on word vectors. */
export interface NetworkRecipe {
  readonly seed: number;
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
}

/** Hyperparameters of the bundled model, chosen on a validation part of the training data. */
export interface Recipe extends NetworkRecipe {
  /** Number of classifiers whose logits are averaged. */
  readonly members: number;
  /** Fraction of the distinct texts held out for fitting the calibration on an additional classifier. */
  readonly heldOut: number;
  readonly adversarialNorm: number;
  readonly averageDecay: number;
  /** Number of template sentences with negation and contrast per epoch; every epoch has new ones. */
  readonly templates: number;
  /** Number of template sentences for the linear classifier. */
  readonly linearTemplates: number;
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
  linearTemplates: 700,
};

/** Hyperparameters of the classifier that tells opinions from neutral texts. */
export const opinionRecipe: NetworkRecipe = {
  seed: 1,
  units: 48,
  epochs: 8,
  batchSize: 50,
  learningRate: 3e-3,
  warmUp: 40,
  weightDecay: 0,
  clipNorm: 1,
  wordDropout: 0.1,
  inputDropout: 0.3,
  pooledDropout: 0.3,
};
