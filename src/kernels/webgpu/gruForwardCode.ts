import { addProducts, type CodeOptions, FUNCTIONS, sharedArray, type WholeOptions, wholePass } from './code.ts';
import type { Code } from './dispatch.ts';
import { forOwn, previous, recurrentSums, stepPlaces } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * WGSL of the GRU's forward pass. Per step it writes `h` and `storedGates` (z, r, g), and with resetAfter also
 * `recurrentCandidate` = h_{t-1} U + b_h of the candidate. `projected` is x W + b (b_x), `recurrentBias` is b_h.
 */

/** Workgroup memory of the whole-sequence code, in floats per unit. */
export const SHARED = 2;

/** Element of U for a gate at row `k` and unit `u`. */
const weight = (units: number, gate: number) => `recurrentKernel[k * ${3 * units} + ${gate * units} + u]`;

/** Stored gates `z` and `r` of a unit without resetAfter; `products` adds h U to them. */
const updateAndReset = (units: number, products: string) => `
  let at = place * ${3 * units} + u;
  var z = 0.0; var r = 0.0;
  if (t < length) {
    z = projected[at]; r = projected[at + ${units}];
    ${products}
    z = storedSigmoid(z); r = storedSigmoid(r);
  }
  storedGates[at] = z;
  storedGates[at + ${units}] = r;`;

/** Candidate and new state of that unit; on entry `hNext` holds the previous state. `products` adds (r h) U to `g`. */
const candidate = (units: number, products: string) => `
  let at = place * ${3 * units} + u;
  var g = 0.0;
  if (t < length) {
    g = projected[at + ${2 * units}];
    ${products}
    let z = storedGates[at];
    hNext = sigmoidValue(z) * hNext + sigmoidComplement(z) * tanhOf(g);
    g = storedTanh(g);
  }
  storedGates[at + ${2 * units}] = g;
  h[place * ${units} + u] = hNext;`;

/** Two phases per step: the candidate's product needs r * h of all units. */
export function wholeResetBefore(options: WholeOptions): Code {
  const { units } = options;
  const gates = addProducts('hNow', units, 'recurrentKernel', 3 * units, { z: 0, r: units });
  return {
    declarations: `${sharedArray('hNow', units)} ${sharedArray('resetState', units)} ${FUNCTIONS}`,
    body: wholePass(options, {
      begin: `hNow[u] = h0[row * ${units} + u];`,
      phases: [
        `${updateAndReset(units, gates)} resetState[u] = sigmoidValue(r) * hNow[u];`,
        `
        var hNext = hNow[u];
        ${candidate(units, addProducts('resetState', units, 'recurrentKernel', 3 * units, { g: 2 * units }))}
        hNow[u] = hNext;`,
      ],
    }),
  };
}

/** Two dispatches per step: 2 s computes z and r of step s, 2 s + 1 computes g and h. */
export function stepResetBefore(options: CodeOptions): Code {
  const { units } = options;
  const step = '(uniforms.step >> 1u)';
  const state = 'previousH(row, k, placeBefore)';
  const gateSums = tiledProduct({
    name: 'gate',
    units,
    gates: 2,
    inner: units,
    left: state,
    right: (gate) => weight(units, gate),
  });
  const candidateSum = tiledProduct({
    name: 'candidate',
    units,
    gates: 1,
    inner: units,
    left: `sigmoidValue(storedGates[place * ${3 * units} + ${units} + k]) * ${state}`,
    right: () => weight(units, 2),
  });
  return {
    declarations: `${gateSums.declarations} ${candidateSum.declarations} ${FUNCTIONS} ${previous('h', units, step)}`,
    body: `
      ${stepPlaces(options, step)}
      if ((uniforms.step & 1) == 0) {
        ${gateSums.body}
        ${forOwn(options, updateAndReset(units, 'z += gate0; r += gate1;'))}
      } else {
        ${candidateSum.body}
        ${forOwn(options, `var hNext = previousH(row, u, placeBefore); ${candidate(units, 'g += candidate0;')}`)}
      }`,
  };
}

/**
 * One step of a unit with resetAfter. On entry `hNext` holds the previous state; `products` adds h U to `z`, `r` and
 * `q`.
 */
const resetAfter = (units: number, products: string) => `
  var z = 0.0; var r = 0.0; var g = 0.0; var q = 0.0;
  let at = place * ${3 * units} + u;
  if (t < length) {
    z = projected[at] + recurrentBias[u];
    r = projected[at + ${units}] + recurrentBias[${units} + u];
    q = recurrentBias[${2 * units} + u];
    ${products}
    z = storedSigmoid(z); r = storedSigmoid(r);
    g = projected[at + ${2 * units}] + sigmoidValue(r) * q;
    hNext = sigmoidValue(z) * hNext + sigmoidComplement(z) * tanhOf(g);
    g = storedTanh(g);
  }
  storedGates[at] = z; storedGates[at + ${units}] = r; storedGates[at + ${2 * units}] = g;
  recurrentCandidate[place * ${units} + u] = q;
  h[place * ${units} + u] = hNext;`;

export function wholeResetAfter(options: WholeOptions): Code {
  const { units } = options;
  const products = addProducts('hNow', units, 'recurrentKernel', 3 * units, { z: 0, r: units, q: 2 * units });
  return {
    declarations: `${sharedArray('hNow', units)} ${sharedArray('hAfter', units)} ${FUNCTIONS}`,
    body: wholePass(options, {
      begin: `hNow[u] = h0[row * ${units} + u];`,
      phases: [`var hNext = hNow[u]; ${resetAfter(units, products)} hAfter[u] = hNext;`, 'hNow[u] = hAfter[u];'],
    }),
  };
}

export function stepResetAfter(options: CodeOptions): Code {
  const { units } = options;
  const product = recurrentSums(units, 3);
  return {
    declarations: `${product.declarations} ${FUNCTIONS} ${previous('h', units)}`,
    body: `
      ${stepPlaces(options)}
      ${product.body}
      ${forOwn(options, `var hNext = previousH(row, u, placeBefore); ${resetAfter(units, 'z += sum0; r += sum1; q += sum2;')}`)}`,
  };
}
