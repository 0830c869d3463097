import * as tf from '@tensorflow/tfjs';

/** Runs one of our kernels on the backend that is set, with the types of the contract. */
export function runKernel<Outputs>(name: string, inputs: object, attributes: object = {}): Outputs {
  return tf.engine().runKernel(name, { ...inputs }, { ...attributes }) as Outputs;
}
