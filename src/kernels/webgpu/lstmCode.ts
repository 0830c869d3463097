import { addProducts, type CodeOptions, FUNCTIONS, sharedArray, type WholeOptions, wholePass } from './code.ts';
import type { Code } from './dispatch.ts';
import { backStep, forOwn, laterOf, previous, recurrentSums, stepPlaces, sumToState } from './stepwise.ts';

/**
 * WGSL of the LSTM. The forward pass writes `h`, `c` and `storedGates` of each step from `z` = x W + b. The backward pass
 * writes `dz` of the four gates and `received [2, timeSteps, batch, units]`, the total dL/dh and dL/dc of each step;
 * `carried [2, batch, units]` accumulates the gradients of the previous states and ends as those of the first states.
 * `transposed` is U^T.
 */

/** Workgroup memory of the whole-sequence code, in floats per unit. */
export const FORWARD_SHARED = 3;
export const BACKWARD_SHARED = 6;

/**
 * One step of a unit from `cBefore`. On entry `hNext` and `cNext` hold the previous states; `products` adds h U to `i`,
 * `f`, `g` and `o`.
 */
const forward = (units: number, products: string) => `
  var i = 0.0; var f = 0.0; var g = 0.0; var o = 0.0;
  let at = place * ${4 * units} + u;
  if (t < length) {
    i = z[at]; f = z[at + ${units}]; g = z[at + ${2 * units}]; o = z[at + ${3 * units}];
    ${products}
    i = storedSigmoid(i); f = storedSigmoid(f); o = storedSigmoid(o);
    cNext = sigmoidValue(f) * cBefore + sigmoidValue(i) * tanhOf(g);
    g = storedTanh(g);
    hNext = sigmoidValue(o) * tanhOf(cNext);
  }
  storedGates[at] = i; storedGates[at + ${units}] = f; storedGates[at + ${2 * units}] = g; storedGates[at + ${3 * units}] = o;
  c[place * ${units} + u] = cNext;
  h[place * ${units} + u] = hNext;`;

/**
 * Gate gradients of one step, `di`, `df`, `dg` and `dO`. On entry `dcTotal` excludes the contribution through h_t.
 * Also the gradients of the previous states: `dcNext`, and `dhNext` without the contribution through the gates.
 */
const backward = (units: number) => `
  var di = 0.0; var df = 0.0; var dg = 0.0; var dO = 0.0;
  var dhNext = dhTotal; var dcNext = dcTotal;
  let at = place * ${4 * units} + u;
  if (t < length) {
    let i = storedGates[at]; let f = storedGates[at + ${units}]; let g = storedGates[at + ${2 * units}]; let o = storedGates[at + ${3 * units}];
    let cNow = c[place * ${units} + u];
    var cBefore = c0[row * ${units} + u];
    if (step > 0) { cBefore = c[placeBefore * ${units} + u]; }
    dcTotal += dhTotal * sigmoidValue(o) * tanhSlope(cNow);
    di = dcTotal * tanhValue(g) * sigmoidSlope(i);
    df = dcTotal * cBefore * sigmoidSlope(f);
    dg = dcTotal * sigmoidValue(i) * storedTanhSlope(g);
    dO = dhTotal * tanhOf(cNow) * sigmoidSlope(o);
    dhNext = 0.0;
    dcNext = dcTotal * sigmoidValue(f);
  }
  dz[at] = di; dz[at + ${units}] = df; dz[at + ${2 * units}] = dg; dz[at + ${3 * units}] = dO;
  received[place * ${units} + u] = dhTotal;
  received[(uniforms.timeSteps * uniforms.batch + place) * ${units} + u] = dcTotal;`;

export function wholeForward(options: WholeOptions): Code {
  const { units } = options;
  const products = addProducts('hNow', units, 'recurrentKernel', 4 * units, {
    i: 0,
    f: units,
    g: 2 * units,
    o: 3 * units,
  });
  return {
    declarations: `${['hNow', 'hAfter', 'cNow'].map((name) => sharedArray(name, units)).join(' ')} ${FUNCTIONS}`,
    body: wholePass(options, {
      begin: `hNow[u] = h0[row * ${units} + u]; cNow[u] = c0[row * ${units} + u];`,
      phases: [
        `
        let cBefore = cNow[u];
        var hNext = hNow[u]; var cNext = cBefore;
        ${forward(units, products)}
        hAfter[u] = hNext;
        cNow[u] = cNext;`,
        'hNow[u] = hAfter[u];',
      ],
    }),
  };
}

export function stepForward(options: CodeOptions): Code {
  const { units } = options;
  const product = recurrentSums(units, 4);
  return {
    declarations: `${product.declarations} ${FUNCTIONS} ${previous('h', units)} ${previous('c', units)}`,
    body: `
      ${stepPlaces(options)}
      ${product.body}
      ${forOwn(
        options,
        `
        let cBefore = previousC(row, u, placeBefore);
        var hNext = previousH(row, u, placeBefore); var cNext = cBefore;
        ${forward(units, 'i += sum0; f += sum1; g += sum2; o += sum3;')}`,
      )}`,
  };
}

export function wholeBackward(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `${sharedArray('dzNow', 4 * units)} ${sharedArray('dhCarried', units)} ${sharedArray('dcCarried', units)} ${FUNCTIONS}`,
    body: wholePass(options, {
      backward: true,
      begin: `dhCarried[u] = 0.0; dcCarried[u] = dcLast[row * ${units} + u];`,
      phases: [
        `
        let dhTotal = dhCarried[u] + dh[place * ${units} + u];
        var dcTotal = dcCarried[u];
        ${backward(units)}
        dhCarried[u] = dhNext;
        dcCarried[u] = dcNext;
        dzNow[u] = di; dzNow[${units} + u] = df; dzNow[${2 * units} + u] = dg; dzNow[${3 * units} + u] = dO;`,
        `
        if (t < length) {
          var sum = 0.0;
          ${addProducts('dzNow', 4 * units, 'transposed', units, { sum: 0 })}
          dhCarried[u] += sum;
        }`,
      ],
      end: `carried[row * ${units} + u] = dhCarried[u]; carried[(uniforms.batch + row) * ${units} + u] = dcCarried[u];`,
    }),
  };
}

/** One dispatch per step, numbered as in the forward pass, from the last step down to -1. */
export function stepBackward(options: CodeOptions): Code {
  const { units } = options;
  const back = sumToState(units, 4 * units, `laterDz(placeAfter * ${4 * units} + k)`);
  return {
    declarations: `${back.declarations} ${FUNCTIONS} ${laterOf('dz')}`,
    body: `
      ${stepPlaces(options)}
      ${back.body}
      ${backStep(
        options,
        'back0',
        `
        let ownC = (uniforms.batch + row) * ${units} + u;
        var dcTotal = dcLast[own];
        if (step < uniforms.timeSteps - 1) { dcTotal = carried[ownC]; }
        ${backward(units)}
        carried[own] = dhNext;
        carried[ownC] = dcNext;`,
      )}`,
  };
}
