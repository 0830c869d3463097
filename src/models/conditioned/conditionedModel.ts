import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../../kernels/ops.ts';
import type { StackOptions } from '../../layers/recurrentStack.ts';
import { mapState, namedStateTensors } from '../../layers/states.ts';
import type { Generator } from '../../random/generator.ts';
import { type Initialization, initializeWeights } from '../initialize.ts';
import { LanguageModel, type LanguageModelShape } from '../languageModel.ts';
import type { ModelState } from '../recurrentNetwork.ts';
import type { Parameter } from '../weights.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Configuration that determines the weight shapes of a label-conditioned model. */
export interface ConditionedShape extends LanguageModelShape {
  /** Number of labels. */
  readonly labels: number;
}

/**
 * One-to-many: a language model whose initial states are learned for each label, as a row of one table for each state
 * of each layer (as an image sets the initial state of a caption model: Vinyals et al. 2015). All labels share the
 * other weights.
 */
export class ConditionedModel {
  readonly shape: ConditionedShape;
  /** Reason why plain TensorFlow.js cannot open the saved model, shown to the user. */
  readonly stockObstacle = phrase(
    'The initial states of the recurrent layers depend on the label, which a saved model of TensorFlow.js cannot express.',
  );
  readonly network: LanguageModel;
  /**
   * Trainable tensors: of the language model, then the tables, `label_1_h/embeddings` and so on, each
   * `[labels, units]`.
   */
  readonly parameters: readonly Parameter[];
  readonly #tables: ReadonlyMap<string, tf.Variable>;

  /** @param masks generator of the dropout masks; omitted: no dropout */
  constructor(shape: ConditionedShape, masks?: Generator) {
    this.shape = shape;
    this.network = new LanguageModel(shape, masks);
    const tables: Parameter[] = [];
    tf.tidy(() => {
      for (const [index, layer] of this.network.zeroState(1).entries()) {
        for (const { name, tensor } of namedStateTensors(layer)) {
          tables.push({
            name: tableName(index, name),
            variable: tf.variable(tf.zeros([shape.labels, tensor.shape[1]])),
          });
        }
      }
    });
    this.#tables = new Map(tables.map(({ name, variable }) => [name, variable]));
    this.parameters = [...this.network.parameters, ...tables];
  }

  get masks(): Generator | undefined {
    return this.network.masks;
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  /** Draws the initial weights. */
  initialize(generator: Generator, initialization: Initialization): void {
    initializeWeights({ parameters: this.parameters, layers: this.network.layers }, generator, initialization);
  }

  /** Initial states of sequences with the given labels. @param shift added to them */
  stateOf(labels: Int32Array, shift?: ModelState): ModelState {
    const ids = tf.tensor2d(labels.slice(), [1, labels.length], 'int32');
    return (shift ?? this.network.zeroState(labels.length)).map((layer, index) =>
      mapState(layer, (name, tensor) => {
        const table = this.#tables.get(tableName(index, name)) as tf.Tensor2D;
        return tf.add(tensor, tf.reshape(embeddingLookup({ table, ids }), tensor.shape));
      }),
    );
  }

  /** Hidden states of the last layer, `[timeSteps, batch, units]`, for token ids `[timeSteps, batch]`. */
  hiddenStates(ids: tf.Tensor2D, state: ModelState, options: StackOptions = {}): { h: tf.Tensor3D; state: ModelState } {
    return this.network.hiddenStates(ids, state, options);
  }

  dispose(): void {
    this.network.dispose();
    for (const table of this.#tables.values()) table.dispose();
  }
}

/** Name of a table, such as `label_1_h/embeddings` for the hidden state of the first layer. */
function tableName(layer: number, state: string): string {
  return `label_${layer + 1}_${state}/embeddings`;
}
