import type { RnnActivation } from '../contract.ts';
import { addProducts, type CodeOptions, FUNCTIONS, sharedArray, type WholeOptions, wholeWalk } from './code.ts';
import type { Code } from './dispatch.ts';
import { backStep, forOwn, laterOf, previous, stepPlaces } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * The WGSL of a simple RNN. Forward it writes `h` of each step from `projected`, x W + b. Backward it writes `dz` and
 * `received [1, timeSteps, batch, units]`, the total dL/dh, of each step; and `carried [batch, units]`, what flows back
 * from the steps done so far, in the end to the first state. `turned` is U^T.
 */

/**
 * Each activation of `sum`, and dz by the total dL/dh and the activation's value `y`; both leave what is not finite as
 * it is.
 */
const activations: Record<RnnActivation, { readonly apply: string; readonly slope: string }> = {
  tanh: { apply: 'tanhOf(sum)', slope: 'dhTotal * (1.0 - y * y)' },
  relu: { apply: 'select(sum, 0.0, sum < 0.0)', slope: 'select(0.0, dhTotal, y > 0.0)' },
  linear: { apply: 'sum', slope: 'dhTotal' },
};

/** Shared memory of the code for a whole sequence, in floats for each unit. */
export const FORWARD_SHARED = 2;
export const BACKWARD_SHARED = 2;

/** A step of a unit: `next`, which holds the state before; `products` adds h U to `sum`. */
const forward = (activation: RnnActivation, units: number, products: string) => `
  if (t < length) {
    var sum = projected[place * ${units} + u];
    ${products}
    next = ${activations[activation].apply};
  }
  h[place * ${units} + u] = next;`;

/**
 * The gradient of a step from the total `dhTotal`, and `next`, what flows back past it but for what comes by the
 * product.
 */
const backward = (activation: RnnActivation, units: number) => `
  let y = h[place * ${units} + u];
  var slope = 0.0;
  var next = dhTotal;
  if (t < length) { slope = ${activations[activation].slope}; next = 0.0; }
  dz[place * ${units} + u] = slope;
  received[place * ${units} + u] = dhTotal;`;

export const wholeForward =
  (activation: RnnActivation) =>
  (options: WholeOptions): Code => {
    const { units } = options;
    return {
      declarations: `${sharedArray('hNow', units)} ${sharedArray('hAfter', units)} ${FUNCTIONS}`,
      body: wholeWalk(options, {
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
    const product = tiledProduct({
      name: 'sum',
      units,
      gates: 1,
      inner: units,
      left: 'previousH(row, k, placeBefore)',
      right: () => `recurrentKernel[k * ${units} + u]`,
    });
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
      body: wholeWalk(options, {
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
          ${addProducts('dzNow', units, 'turned', units, { sum: 0 })}
          dhCarried[u] = sum;
        }`,
        ],
        end: `carried[row * ${units} + u] = dhCarried[u];`,
      }),
    };
  };

/** Steps are numbered as in the forward pass and dispatched from the last to number -1. */
export const stepBackward =
  (activation: RnnActivation) =>
  (options: CodeOptions): Code => {
    const { units } = options;
    const product = tiledProduct({
      name: 'sum',
      units,
      gates: 1,
      inner: units,
      left: `laterDz(placeAfter * ${units} + k)`,
      right: () => `turned[k * ${units} + u]`,
    });
    return {
      declarations: `${product.declarations} ${laterOf('dz')}`,
      body: `
      ${stepPlaces(options)}
      ${product.body}
      ${backStep(options, 'sum0', `${backward(activation, units)} carried[own] = next;`)}`,
    };
  };
