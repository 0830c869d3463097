import { addProducts, type CodeOptions, FUNCTIONS, sharedArray, type WholeOptions, wholePass } from './code.ts';
import type { Code } from './dispatch.ts';
import { backStep, forOwn, laterOf, previous, recurrentSums, stepPlaces, sumToState } from './stepwise.ts';

/**
 * WGSL of the LSTM. The forward pass writes `h`, `c` and `gates` of each step from `z` = x W + b. The backward pass
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
    i = sigmoidOf(i); f = sigmoidOf(f); g = tanhOf(g); o = sigmoidOf(o);
    cNext = f * cBefore + i * g;
    hNext = o * tanhOf(cNext);
  }
  gates[at] = i; gates[at + ${units}] = f; gates[at + ${2 * units}] = g; gates[at + ${3 * units}] = o;
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
    let i = gates[at]; let f = gates[at + ${units}]; let g = gates[at + ${2 * units}]; let o = gates[at + ${3 * units}];
    let tanhC = tanhOf(c[place * ${units} + u]);
    var cBefore = c0[row * ${units} + u];
    if (step > 0) { cBefore = c[placeBefore * ${units} + u]; }
    dcTotal += dhTotal * o * (1.0 - tanhC * tanhC);
    di = dcTotal * g * i * (1.0 - i);
    df = dcTotal * cBefore * f * (1.0 - f);
    dg = dcTotal * i * (1.0 - g * g);
    dO = dhTotal * tanhC * o * (1.0 - o);
    dhNext = 0.0;
    dcNext = dcTotal * f;
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
