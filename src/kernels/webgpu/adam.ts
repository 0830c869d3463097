import type * as tf from '@tensorflow/tfjs';
import type { AdamAttributes, AdamInputs } from '../contract.ts';
import type { LabWebGpu } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { eachElement, elementsOf, IS_FINITE } from './elements.ts';

/**
 * Adam (Kingma and Ba 2015, Algorithm 1) in one dispatch. A scale that is not finite leaves weights and moments
 * unchanged.
 */
export function adamStep(
  { weights, m, v, gradient, scale }: AdamInputs,
  attributes: AdamAttributes,
  backend: LabWebGpu,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const { learningRate, beta1, beta2, epsilon, step, gradientScale } = attributes;
  const { shape, size } = weights;
  const { newWeights, newM, newV } = dispatch(backend, {
    name: 'Adam',
    inputs: { weights, m, v, gradient, scale },
    outputs: { newWeights: shape, newM: shape, newV: shape },
    integers: { size },
    reals: {
      learningRate,
      beta1,
      beta2,
      oneLessBeta1: 1 - beta1,
      oneLessBeta2: 1 - beta2,
      epsilon,
      gradientScale,
      mShare: 1 - beta1 ** step,
      vShare: 1 - beta2 ** step,
    },
    ...elementsOf(size),
    code: () => ({
      declarations: IS_FINITE,
      body: `
        let clip = ${scale ? 'scale[0]' : '1.0'} * uniforms.gradientScale;
        if (!isFinite(clip)) {
          ${eachElement('newWeights[i] = weights[i]; newM[i] = m[i]; newV[i] = v[i];')}
          return;
        }
        ${eachElement(`
          let g = gradient[i] * clip;
          let mNext = uniforms.beta1 * m[i] + uniforms.oneLessBeta1 * g;
          let vNext = uniforms.beta2 * v[i] + uniforms.oneLessBeta2 * g * g;
          newWeights[i] = weights[i] - uniforms.learningRate * (mNext / uniforms.mShare) / (sqrt(vNext / uniforms.vShare) + uniforms.epsilon);
          newM[i] = mNext;
          newV[i] = vNext;`)}`,
    }),
  });
  return [newWeights, newM, newV];
}
