import * as tf from '@tensorflow/tfjs';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** Serialized tensor: float32, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Trainable tensor and its name on disk, such as `lstm_1/kernel`. */
export interface Parameter {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** Trainable tensors of a network in the order of its layers. */
export function parametersOf(network: tf.LayersModel): Parameter[] {
  return network.trainableWeights.map((weight) => ({
    name: weight.originalName,
    variable: weight.read() as tf.Variable,
  }));
}

/** Reads tensors from the backend; the values are copies. */
export async function readTensors(tensors: readonly { name: string; tensor: tf.Tensor }[]): Promise<NamedTensor[]> {
  return Promise.all(
    tensors.map(async ({ name, tensor }) => ({
      name,
      shape: tensor.shape,
      values: Float32Array.from(await tensor.data<'float32'>()),
    })),
  );
}

/**
 * Assigns stored values to the variables of the same names.
 * @throws Error that names a tensor that is missing or has another shape
 */
export function writeVariables(variables: readonly Parameter[], stored: readonly NamedTensor[]): void {
  const byName = new Map(stored.map((tensor) => [tensor.name, tensor]));
  for (const { name, variable } of variables) {
    const tensor = byName.get(name);
    if (!tensor) throw new PhrasedError(phrase('The stored model has no tensor "{0}".', name));
    if (tensor.shape.join() !== variable.shape.join()) {
      throw new PhrasedError(
        phrase(
          'The stored tensor "{0}" is [{1}]; the model needs [{2}].',
          name,
          tensor.shape.join(', '),
          variable.shape.join(', '),
        ),
      );
    }
    tf.tidy(() => {
      variable.assign(tf.tensor(tensor.values, variable.shape));
    });
  }
}
