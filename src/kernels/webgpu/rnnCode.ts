import type { RnnActivation } from '../contract.ts';
import { type CodeOptions, eachUnit, FUNCTIONS, timeOf } from './code.ts';

/** Each activation of `z`, and dz by the total dL/dh and the activation's value `y`; both leave what is not finite as it is. */
const activations: Record<RnnActivation, { readonly apply: string; readonly slope: string }> = {
  tanh: { apply: 'tanhOf(z)', slope: 'total * (1.0 - y * y)' },
  relu: { apply: 'select(z, 0.0, z < 0.0)', slope: 'select(0.0, total, y > 0.0)' },
  linear: { apply: 'z', slope: 'total' },
};

/** The WGSL of the forward pass: `result [timeSteps, batch, units]` holds h of each step. `projected` is x W + b. */
export function forwardCode(activation: RnnActivation): (options: CodeOptions) => string {
  return (options) => {
    const { units } = options;
    return `
    var<workgroup> hNow : array<f32, ${units}>;
    var<workgroup> hNext : array<f32, ${units}>;
    ${FUNCTIONS}
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, `hNow[u] = h0[row * ${units} + u];`)}
      workgroupBarrier();
      for (var step = 0; step < uniforms.timeSteps; step++) {
        let t = ${timeOf(options, 'step')};
        let place = (t * uniforms.batch + row) * ${units};
        ${eachUnit(
          options,
          `
          hNext[u] = hNow[u];
          if (t < length) {
            var z = projected[place + u];
            for (var k = 0; k < ${units}; k++) { z += hNow[k] * recurrentKernel[k * ${units} + u]; }
            hNext[u] = ${activations[activation].apply};
          }
          result[place + u] = hNext[u];`,
        )}
        workgroupBarrier();
        ${eachUnit(options, 'hNow[u] = hNext[u];')}
        workgroupBarrier();
      }
    }`;
  };
}

/**
 * The WGSL of the backward pass: `result [timeSteps + 1, batch, 2 * units]` holds dz and the total dL/dh of each step; its last row holds,
 * in the place of the latter, what flows back to the first state. `turned` is U^T.
 */
export function backwardCode(activation: RnnActivation): (options: CodeOptions) => string {
  return (options) => {
    const { units } = options;
    return `
    var<workgroup> dz : array<f32, ${units}>;
    var<workgroup> dhCarried : array<f32, ${units}>;
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, 'dhCarried[u] = 0.0;')}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let to = place * ${2 * units};
        ${eachUnit(
          options,
          `
          let total = dhCarried[u] + dh[place * ${units} + u];
          let y = h[place * ${units} + u];
          dhCarried[u] = total;
          dz[u] = 0.0;
          if (t < length) { dz[u] = ${activations[activation].slope}; }
          result[to + u] = dz[u];
          result[to + ${units} + u] = total;`,
        )}
        workgroupBarrier();
        if (t < length) {
          ${eachUnit(
            options,
            `
            var sum = 0.0;
            for (var k = 0; k < ${units}; k++) { sum += dz[k] * turned[k * ${units} + u]; }
            dhCarried[u] = sum;`,
          )}
        }
        workgroupBarrier();
      }
      let end = (uniforms.timeSteps * uniforms.batch + row) * ${2 * units};
      ${eachUnit(options, `result[end + ${units} + u] = dhCarried[u];`)}
    }`;
  };
}
