import * as tf from '@tensorflow/tfjs';

/** Runs one of our kernels on the backend that is set, with the types of the contract. */
export function runKernel<Outputs>(name: string, inputs: object, attributes: object = {}): Outputs {
  return tf.engine().runKernel(name, { ...inputs }, { ...attributes }) as Outputs;
}

/** The part of the engine beneath `tf.customGrad`, which takes several outputs where `tf.customGrad` takes one. */
interface CustomOpEngine {
  runKernelFunc(op: {
    inputs: tf.NamedTensorMap;
    forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): tf.Tensor[];
    backwardsFunc(dys: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]): Record<string, () => tf.Tensor>;
  }): tf.Tensor[];
}

/**
 * Runs a differentiable op that keeps more for its gradient than it gives out. With `tf.registerGradient` a kernel
 * can keep its outputs only, and TensorFlow.js makes a tensor of zeros for the gradient of each output that the
 * loss does not see: with the gates of an LSTM among them, most of what the whole sequence takes in memory.
 *
 * @param inputs what gradients are computed for
 * @param forward gives the outputs, and by name what `backward` needs; variables among it must not be assigned to
 *   before
 * @param backward gives the gradients of `inputs` by name, from those of the outputs and from what was kept
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
 * Whether a tensor is there in the backward pass without being saved for it: each that is saved costs a copy of its
 * handle.
 */
function outlivesScope(tensor: tf.Tensor): boolean {
  return tensor instanceof tf.Variable;
}
