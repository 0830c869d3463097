import type { RnnActivation } from '../contract.ts';
import { type CodeOptions, eachUnit, FUNCTIONS, lengthOf, timeOf, type WholeOptions } from './code.ts';
import type { Code } from './dispatch.ts';
import { isPlace, laterOf, PLACE, previous } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * The WGSL of a simple RNN. Forward it writes `h` of each step from `projected`, x W + b. Backward it writes `dz` and `received
 * [1, timeSteps, batch, units]`, the total dL/dh, of each step; and `carried [1, batch, units]`, what flows back from the steps done so
 * far, in the end to the first state. `turned` is U^T.
 */

/** Each activation of `sum`, and dz by the total dL/dh and the activation's value `y`; both leave what is not finite as it is. */
const activations: Record<RnnActivation, { readonly apply: string; readonly slope: string }> = {
  tanh: { apply: 'tanhOf(sum)', slope: 'total * (1.0 - y * y)' },
  relu: { apply: 'select(sum, 0.0, sum < 0.0)', slope: 'select(0.0, total, y > 0.0)' },
  linear: { apply: 'sum', slope: 'total' },
};

/** Shared memory of the code for a whole sequence, in floats for each unit. */
export const FORWARD_SHARED = 2;
export const BACKWARD_SHARED = 2;

/** The gradient of a step from the total dL/dh, and what flows back past it, but for what comes by the product. */
const backward = (activation: RnnActivation, units: number) => `
  let y = h[place * ${units} + u];
  var slope = 0.0;
  var next = total;
  if (t < length) { slope = ${activations[activation].slope}; next = 0.0; }
  dz[place * ${units} + u] = slope;
  received[place * ${units} + u] = total;`;

export const wholeForward = (activation: RnnActivation) => (options: WholeOptions): Code => {
  const { units } = options;
  return {
    declarations: `
      var<workgroup> hNow : array<f32, ${units}>;
      var<workgroup> hAfter : array<f32, ${units}>;
      ${FUNCTIONS}`,
    body: `
      let row = group.x;
      let length = ${lengthOf(options, 'row')};
      ${eachUnit(options, `hNow[u] = h0[row * ${units} + u];`)}
      workgroupBarrier();
      for (var step = 0; step < uniforms.timeSteps; step++) {
        let t = ${timeOf(options, 'step')};
        let at = (t * uniforms.batch + row) * ${units};
        ${eachUnit(
          options,
          `
          var next = hNow[u];
          if (t < length) {
            var sum = projected[at + u];
            for (var k = 0; k < ${units}; k++) { sum += hNow[k] * recurrentKernel[k * ${units} + u]; }
            next = ${activations[activation].apply};
          }
          hAfter[u] = next;
          h[at + u] = next;`,
        )}
        workgroupBarrier();
        ${eachUnit(options, 'hNow[u] = hAfter[u];')}
        workgroupBarrier();
      }`,
  };
};

export const stepForward = (activation: RnnActivation) => (options: CodeOptions): Code => {
  const { units } = options;
  const product = tiledProduct({ name: 'sum', units, gates: 1, inner: units, left: 'previousH(row, k, placeBefore)', right: () => `recurrentKernel[k * ${units} + u]` });
  return {
    declarations: `${product.declarations} ${FUNCTIONS} ${previous('h', units)}`,
    body: `
      ${PLACE}
      let t = ${timeOf(options, 'uniforms.step')};
      let at = (t * uniforms.batch + row) * ${units} + u;
      let placeBefore = ${timeOf(options, 'uniforms.step - 1')} * uniforms.batch + row;
      ${product.body}
      if ${isPlace(units)} {
        let sum = projected[at] + sum0;
        var next = previousH(row, u, placeBefore);
        if (t < ${lengthOf(options, 'row')}) { next = ${activations[activation].apply}; }
        h[at] = next;
      }`,
  };
};

export const wholeBackward = (activation: RnnActivation) => (options: WholeOptions): Code => {
  const { units } = options;
  return {
    declarations: `
      var<workgroup> dzNow : array<f32, ${units}>;
      var<workgroup> dhCarried : array<f32, ${units}>;`,
    body: `
      let row = group.x;
      let length = ${lengthOf(options, 'row')};
      ${eachUnit(options, 'dhCarried[u] = 0.0;')}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        ${eachUnit(
          options,
          `
          let total = dhCarried[u] + dh[place * ${units} + u];
          ${backward(activation, units)}
          dzNow[u] = slope;
          dhCarried[u] = next;`,
        )}
        workgroupBarrier();
        if (t < length) {
          ${eachUnit(
            options,
            `
            var sum = 0.0;
            for (var k = 0; k < ${units}; k++) { sum += dzNow[k] * turned[k * ${units} + u]; }
            dhCarried[u] = sum;`,
          )}
        }
        workgroupBarrier();
      }
      ${eachUnit(options, `carried[row * ${units} + u] = dhCarried[u];`)}`,
  };
};

/** Steps are numbered as in the forward pass and dispatched from the last to number -1, which only adds up what flows to the first state. */
export const stepBackward = (activation: RnnActivation) => (options: CodeOptions): Code => {
  const { units } = options;
  const product = tiledProduct({ name: 'sum', units, gates: 1, inner: units, left: `laterDz(placeAfter * ${units} + k)`, right: () => `turned[k * ${units} + u]` });
  return {
    declarations: `${product.declarations} ${laterOf('dz')}`,
    body: `
      ${PLACE}
      let t = ${timeOf(options, 'uniforms.step')};
      let place = t * uniforms.batch + row;
      let placeAfter = ${timeOf(options, 'uniforms.step + 1')} * uniforms.batch + row;
      ${product.body}
      if ${isPlace(units)} {
        let length = ${lengthOf(options, 'row')};
        let own = row * ${units} + u;
        var dhCarried = 0.0;
        if (uniforms.step < uniforms.timeSteps - 1) { dhCarried = carried[own] + sum0; }
        if (uniforms.step < 0) {
          carried[own] = dhCarried;
        } else {
          let total = dhCarried + dh[place * ${units} + u];
          ${backward(activation, units)}
          carried[own] = next;
        }
      }`,
  };
};
