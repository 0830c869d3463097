import { addProducts, type CodeOptions, FUNCTIONS, sharedArray, type WholeOptions, wholeWalk } from './code.ts';
import type { Code } from './dispatch.ts';
import { forOwn, previous, stepPlaces } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * The WGSL of a GRU's forward pass: it writes `h` and `gates` (z, r, g) of each step, and, where it resets after the
 * product, `recurrentCandidate`, which is h_{t-1} U + b_h of the candidate. `projected` is x W + b (b_x),
 * `recurrentBias` is b_h.
 */

/** Shared memory of the code for a whole sequence, in floats for each unit. */
export const SHARED = 2;

/** What stands in U for a gate at `k` and `u`. */
const weight = (units: number, gate: number) => `recurrentKernel[k * ${3 * units} + ${gate * units} + u]`;

/** The gates `z` and `r` of a unit that resets before the product; `products` adds h U to them. */
const updateAndReset = (units: number, products: string) => `
  let at = place * ${3 * units} + u;
  var z = 0.0; var r = 0.0;
  if (t < length) {
    z = projected[at]; r = projected[at + ${units}];
    ${products}
    z = sigmoidOf(z); r = sigmoidOf(r);
  }
  gates[at] = z;
  gates[at + ${units}] = r;`;

/** Its candidate and `hNext`, which holds the state before; `products` adds (r h) U to `g`. */
const candidate = (units: number, products: string) => `
  let at = place * ${3 * units} + u;
  var g = 0.0;
  if (t < length) {
    g = projected[at + ${2 * units}];
    ${products}
    g = tanhOf(g);
    let z = gates[at];
    hNext = z * hNext + (1.0 - z) * g;
  }
  gates[at + ${2 * units}] = g;
  h[place * ${units} + u] = hNext;`;

/** The candidate's product waits for r * h of all units, so that a step has two phases. */
export function wholeResetBefore(options: WholeOptions): Code {
  const { units } = options;
  const gates = addProducts('hNow', units, 'recurrentKernel', 3 * units, { z: 0, r: units });
  return {
    declarations: `${sharedArray('hNow', units)} ${sharedArray('resetState', units)} ${FUNCTIONS}`,
    body: wholeWalk(options, {
      begin: `hNow[u] = h0[row * ${units} + u];`,
      phases: [
        `${updateAndReset(units, gates)} resetState[u] = r * hNow[u];`,
        `
        var hNext = hNow[u];
        ${candidate(units, addProducts('resetState', units, 'recurrentKernel', 3 * units, { g: 2 * units }))}
        hNow[u] = hNext;`,
      ],
    }),
  };
}

/** Two dispatches a step: number 2 s of step s for z and r, 2 s + 1 for g and h. */
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
    left: `gates[place * ${3 * units} + ${units} + k] * ${state}`,
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
 * A step of a unit that resets after the product: `hNext`, which holds the state before; `products` adds h U to `z`,
 * `r` and `q`.
 */
const resetAfter = (units: number, products: string) => `
  var z = 0.0; var r = 0.0; var g = 0.0; var q = 0.0;
  let at = place * ${3 * units} + u;
  if (t < length) {
    z = projected[at] + recurrentBias[u];
    r = projected[at + ${units}] + recurrentBias[${units} + u];
    q = recurrentBias[${2 * units} + u];
    ${products}
    z = sigmoidOf(z); r = sigmoidOf(r);
    g = tanhOf(projected[at + ${2 * units}] + r * q);
    hNext = z * hNext + (1.0 - z) * g;
  }
  gates[at] = z; gates[at + ${units}] = r; gates[at + ${2 * units}] = g;
  recurrentCandidate[place * ${units} + u] = q;
  h[place * ${units} + u] = hNext;`;

export function wholeResetAfter(options: WholeOptions): Code {
  const { units } = options;
  const products = addProducts('hNow', units, 'recurrentKernel', 3 * units, { z: 0, r: units, q: 2 * units });
  return {
    declarations: `${sharedArray('hNow', units)} ${sharedArray('hAfter', units)} ${FUNCTIONS}`,
    body: wholeWalk(options, {
      begin: `hNow[u] = h0[row * ${units} + u];`,
      phases: [`var hNext = hNow[u]; ${resetAfter(units, products)} hAfter[u] = hNext;`, 'hNow[u] = hAfter[u];'],
    }),
  };
}

export function stepResetAfter(options: CodeOptions): Code {
  const { units } = options;
  const product = tiledProduct({
    name: 'sum',
    units,
    gates: 3,
    inner: units,
    left: 'previousH(row, k, placeBefore)',
    right: (gate) => weight(units, gate),
  });
  return {
    declarations: `${product.declarations} ${FUNCTIONS} ${previous('h', units)}`,
    body: `
      ${stepPlaces(options)}
      ${product.body}
      ${forOwn(options, `var hNext = previousH(row, u, placeBefore); ${resetAfter(units, 'z += sum0; r += sum1; q += sum2;')}`)}`,
  };
}
