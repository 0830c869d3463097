import type * as tf from '@tensorflow/tfjs';
import type { Generator } from '../random/generator.ts';
import type { RecurrentShape } from './recurrentLayers.ts';
import { type ModelState, type NetworkOptions, RecurrentNetwork } from './recurrentNetwork.ts';

/** Configuration that determines the weight shapes of a many-to-one model. */
export interface SequenceModelShape extends RecurrentShape {
  /** Size of the alphabet for token ids, or width of the input vectors. */
  readonly inputs: number;
  readonly inputKind: 'ids' | 'vectors';
  /** Width of the learned embedding of token ids; 0 for one-hot vectors. Ignored for vector inputs. */
  readonly embedding: number;
  /** Number of classes, or of predicted values. */
  readonly outputs: number;
  readonly outputKind: 'class' | 'number';
}

/**
 * Many-to-one model: stacked recurrent layers over token ids or vectors, and a dense layer that maps the last hidden
 * state to logits of classes or to numbers.
 */
export class SequenceModel extends RecurrentNetwork {
  readonly shape: SequenceModelShape;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: SequenceModelShape, masks?: Generator) {
    const outputActivation = shape.outputKind === 'class' ? 'softmax' : 'linear';
    super(
      { ...shape, embedding: shape.inputKind === 'ids' ? shape.embedding : 0, outputActivation, lastStepOnly: true },
      masks,
    );
    this.shape = shape;
  }

  /**
   * @param inputs token ids `[timeSteps, batch]`, int32, or vectors `[timeSteps, batch, inputs]`
   * @param state state before the first step
   * @returns hidden state of the last layer after its last step, `[batch, units]`; both directions concatenated for a
   *   bidirectional layer
   */
  lastHidden(inputs: tf.Tensor, state: ModelState, options: NetworkOptions = {}): tf.Tensor2D {
    const { state: after } = this.hiddenStates(inputs, state, options);
    return this.lastOutput(after);
  }
}
