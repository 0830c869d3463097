import type { RnnActivation } from '../contract.ts';
import { addProducts, type CodeOptions, FUNCTIONS, sharedArray, type WholeOptions, wholePass } from './code.ts';
import type { Code } from './dispatch.ts';
import { backStep, forOwn, laterOf, previous, recurrentSums, stepPlaces, sumToState } from './stepwise.ts';

/**
 * WGSL of the simple RNN. The forward pass writes `h`, and for tanh its `slopes`, of each step from `projected` = x W + b.
 * The backward pass writes `dz` and `received [1, timeSteps, batch, units]`, the total dL/dh, of each step; `carried [batch, units]` accumulates
 * the gradient of the previous state and ends as that of the first state. `transposed` is U^T.
 */

/**
 * Activation of `sum`, dz from the total dL/dh, and the line that keeps the slope. Activation and dz pass on values that
 * are not finite.
 */
const activations: Record<RnnActivation, { readonly apply: string; readonly slope: string; readonly keep: string }> = {
  tanh: { apply: 'tanhOf(sum)', slope: 'dhTotal * slopes[at]', keep: 'slopes[at] = slope;' },
  relu: { apply: 'select(sum, 0.0, sum < 0.0)', slope: 'select(0.0, dhTotal, h[at] > 0.0)', keep: '' },
  linear: { apply: 'sum', slope: 'dhTotal', keep: '' },
};

/** Workgroup memory of the whole-sequence code, in floats per unit. */
export const FORWARD_SHARED = 2;
export const BACKWARD_SHARED = 2;

/** One step of a unit. On entry `next` holds the previous state; `products` adds h U to `sum`. */
const forward = (activation: RnnActivation, units: number, products: string) => `
  let at = place * ${units} + u;
  var slope = 0.0;
  if (t < length) {
    var sum = projected[at];
    ${products}
    next = ${activations[activation].apply};
    slope = tanhSlope(sum);
  }
  ${activations[activation].keep}
  h[at] = next;`;

/**
 * Gradient of one step from the total `dhTotal`, and `next`, the gradient of the previous state without the part that
 * comes through the product.
 */
const backward = (activation: RnnActivation, units: number) => `
  let at = place * ${units} + u;
  var slope = 0.0;
  var next = dhTotal;
  if (t < length) { slope = ${activations[activation].slope}; next = 0.0; }
  dz[at] = slope;
  received[at] = dhTotal;`;

export const wholeForward =
  (activation: RnnActivation) =>
  (options: WholeOptions): Code => {
    const { units } = options;
    return {
      declarations: `${sharedArray('hNow', units)} ${sharedArray('hAfter', units)} ${FUNCTIONS}`,
      body: wholePass(options, {
        begin: `hNow[u] = h0[row * ${units} + u];`,
        phases: [
          `
        var next = hNow[u];
        ${forward(activation, units, addProducts('hNow', units, 'recurrentKernel', units, { sum: 0 }))}
        hAfter[u] = next;`,
          'hNow[u] = hAfter[u];',
        ],
      }),
    };
  };

export const stepForward =
  (activation: RnnActivation) =>
  (options: CodeOptions): Code => {
    const { units } = options;
    const product = recurrentSums(units, 1);
    return {
      declarations: `${product.declarations} ${FUNCTIONS} ${previous('h', units)}`,
      body: `
      ${stepPlaces(options)}
      ${product.body}
      ${forOwn(options, `var next = previousH(row, u, placeBefore); ${forward(activation, units, 'sum += sum0;')}`)}`,
    };
  };

export const wholeBackward =
  (activation: RnnActivation) =>
  (options: WholeOptions): Code => {
    const { units } = options;
    return {
      declarations: `${sharedArray('dzNow', units)} ${sharedArray('dhCarried', units)}`,
      body: wholePass(options, {
        backward: true,
        begin: 'dhCarried[u] = 0.0;',
        phases: [
          `
        let dhTotal = dhCarried[u] + dh[place * ${units} + u];
        ${backward(activation, units)}
        dzNow[u] = slope;
        dhCarried[u] = next;`,
          `
        if (t < length) {
          var sum = 0.0;
          ${addProducts('dzNow', units, 'transposed', units, { sum: 0 })}
          dhCarried[u] = sum;
        }`,
        ],
        end: `carried[row * ${units} + u] = dhCarried[u];`,
      }),
    };
  };

/** One dispatch per step, numbered as in the forward pass, from the last step down to -1. */
export const stepBackward =
  (activation: RnnActivation) =>
  (options: CodeOptions): Code => {
    const { units } = options;
    const back = sumToState(units, units, `laterDz(placeAfter * ${units} + k)`);
    return {
      declarations: `${back.declarations} ${laterOf('dz')}`,
      body: `
      ${stepPlaces(options)}
      ${back.body}
      ${backStep(options, 'back0', `${backward(activation, units)} carried[own] = next;`)}`,
    };
  };
