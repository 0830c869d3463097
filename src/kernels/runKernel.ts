import * as tf from '@tensorflow/tfjs';

/** Runs a kernel of the contract on the current backend. */
export function runKernel<Outputs>(name: string, inputs: object, attributes: object = {}): Outputs {
  return tf.engine().runKernel(name, { ...inputs }, { ...attributes }) as Outputs;
}

/** Function with the types of the contract as a kernel of TensorFlow.js. */
export function kernelFunction(
  kernel: (inputs: never, attributes: never) => tf.Tensor | tf.Tensor[],
): tf.KernelConfig['kernelFunc'] {
  return ({ inputs, attrs }) => kernel(inputs as never, attrs as never);
}

/** Internal function of the engine below `tf.customGrad`. It supports several outputs, `tf.customGrad` only one. */
interface CustomOpEngine {
  runKernelFunc(op: {
    inputs: tf.NamedTensorMap;
    forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): tf.Tensor[];
    backwardsFunc(dys: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]): Record<string, () => tf.Tensor>;
  }): tf.Tensor[];
}

/**
 * Runs a differentiable op that keeps other tensors for its gradient than its outputs. With `tf.registerGradient` a
 * kernel can keep only its outputs, and TensorFlow.js allocates zeros as the gradient of every output that does not
 * affect the loss; with the gates of an LSTM among the outputs, that is most of the memory of a sequence.
 *
 * @param inputs tensors to differentiate with respect to
 * @param forward returns the outputs, and by name the tensors that `backward` needs; variables among these must not
 *   be assigned before the backward pass
 * @param backward returns the gradients of `inputs` by name, from the gradients of the outputs and the kept tensors
 */
export function runDifferentiable<Outputs extends tf.Tensor[], Kept extends object>(
  inputs: object,
  forward: () => { outputs: Outputs; kept: Kept },
  backward: (dOutputs: Outputs, kept: Kept) => Readonly<Record<string, tf.Tensor>>,
): Outputs {
  let needed: [name: string, tensor: tf.Tensor][] = [];
  const engine = tf.engine() as unknown as CustomOpEngine;
  return engine.runKernelFunc({
    inputs: { ...inputs },
    forwardFunc(_backend, save) {
      const { outputs, kept } = forward();
      needed = Object.entries(kept);
      save(needed.flatMap(([, tensor]) => (outlivesScope(tensor) ? [] : [tensor])));
      return outputs;
    },
    backwardsFunc(dys, saved) {
      const others = saved.values();
      const kept = Object.fromEntries(
        needed.map(([name, tensor]) => [name, outlivesScope(tensor) ? tensor : others.next().value]),
      ) as Kept;
      const gradients = backward((Array.isArray(dys) ? dys : [dys]) as Outputs, kept);
      return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, () => gradient]));
    },
  }) as Outputs;
}

/**
 * True if a tensor exists in the backward pass without being saved. Saving a tensor copies its handle.
 */
function outlivesScope(tensor: tf.Tensor): boolean {
  return tensor instanceof tf.Variable;
}
