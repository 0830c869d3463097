import { type CodeOptions, eachUnit, FUNCTIONS, lengthOf, timeOf, type WholeOptions } from './code.ts';
import type { Code } from './dispatch.ts';
import { isPlace, PLACE, previous } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * The WGSL of a GRU's forward pass: it writes `h` and `gates` (z, r, g) of each step, and, where it resets after the product,
 * `recurrentCandidate`, which is h_{t-1} U + b_h of the candidate. `projected` is x W + b (b_x), `recurrentBias` is b_h.
 */

/** Shared memory of the code for a whole sequence, in floats for each unit. */
export const SHARED = 3;

/** Writes what `z`, `r`, `g` and `hNext` hold. */
const write = (units: number) => `
  let to = place * ${3 * units} + u;
  gates[to] = z; gates[to + ${units}] = r; gates[to + ${2 * units}] = g;
  h[place * ${units} + u] = hNext;`;

/** The candidate's product waits for r * h of all units, so that a step has two phases. */
export function wholeResetBefore(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `
      var<workgroup> hNow : array<f32, ${units}>;
      var<workgroup> updateNow : array<f32, ${units}>;
      var<workgroup> resetState : array<f32, ${units}>;
      ${FUNCTIONS}`,
    body: `
      let row = group.x;
      let length = ${lengthOf(options, 'row')};
      ${eachUnit(options, `hNow[u] = h0[row * ${units} + u];`)}
      workgroupBarrier();
      for (var step = 0; step < uniforms.timeSteps; step++) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let at = place * ${3 * units};
        ${eachUnit(
          options,
          `
          var z = 0.0; var r = 0.0;
          if (t < length) {
            z = projected[at + u]; r = projected[at + ${units} + u];
            for (var k = 0; k < ${units}; k++) {
              let before = hNow[k];
              let weight = k * ${3 * units} + u;
              z += before * recurrentKernel[weight];
              r += before * recurrentKernel[weight + ${units}];
            }
            z = sigmoidOf(z); r = sigmoidOf(r);
          }
          updateNow[u] = z;
          resetState[u] = r * hNow[u];
          gates[at + u] = z;
          gates[at + ${units} + u] = r;`,
        )}
        workgroupBarrier();
        ${eachUnit(
          options,
          `
          var g = 0.0;
          if (t < length) {
            g = projected[at + ${2 * units} + u];
            for (var k = 0; k < ${units}; k++) { g += resetState[k] * recurrentKernel[k * ${3 * units} + ${2 * units} + u]; }
            g = tanhOf(g);
            hNow[u] = updateNow[u] * hNow[u] + (1.0 - updateNow[u]) * g;
          }
          gates[at + ${2 * units} + u] = g;
          h[place * ${units} + u] = hNow[u];`,
        )}
        workgroupBarrier();
      }`,
  };
}

/** Two dispatches a step: number 2 s of step s for z and r, 2 s + 1 for g and h. */
export function stepResetBefore(options: CodeOptions): Code {
  const { units } = options;
  const weight = (gate: number) => `recurrentKernel[k * ${3 * units} + ${gate * units} + u]`;
  const state = 'previousH(row, k, placeBefore)';
  const gateSums = tiledProduct({ name: 'gate', units, gates: 2, inner: units, left: state, right: weight });
  const candidateSum = tiledProduct({ name: 'candidate', units, gates: 1, inner: units, left: `gates[place * ${3 * units} + ${units} + k] * ${state}`, right: () => weight(2) });
  return {
    declarations: `${gateSums.declarations} ${candidateSum.declarations} ${FUNCTIONS} ${previous('h', units, '(uniforms.step >> 1u)')}`,
    body: `
      ${PLACE}
      let step = uniforms.step >> 1u;
      let t = ${timeOf(options, 'step')};
      let place = t * uniforms.batch + row;
      let placeBefore = ${timeOf(options, 'step - 1')} * uniforms.batch + row;
      let at = place * ${3 * units} + u;
      if ((uniforms.step & 1) == 0) {
        ${gateSums.body}
        if ${isPlace(units)} {
          var z = 0.0; var r = 0.0;
          if (t < ${lengthOf(options, 'row')}) {
            z = sigmoidOf(projected[at] + gate0);
            r = sigmoidOf(projected[at + ${units}] + gate1);
          }
          gates[at] = z; gates[at + ${units}] = r;
        }
      } else {
        ${candidateSum.body}
        if ${isPlace(units)} {
          var g = 0.0;
          var hNext = previousH(row, u, placeBefore);
          if (t < ${lengthOf(options, 'row')}) {
            g = tanhOf(projected[at + ${2 * units}] + candidate0);
            let z = gates[at];
            hNext = z * hNext + (1.0 - z) * g;
          }
          gates[at + ${2 * units}] = g;
          h[place * ${units} + u] = hNext;
        }
      }`,
  };
}

/** Gates and state of a step from the sums `z`, `r`, `q` of h_{t-1} U, and `hNext`, which holds the state before. */
const resetAfter = (units: number) => `
  let at = place * ${3 * units} + u;
  z = sigmoidOf(z + projected[at] + recurrentBias[u]);
  r = sigmoidOf(r + projected[at + ${units}] + recurrentBias[${units} + u]);
  q += recurrentBias[${2 * units} + u];
  g = tanhOf(projected[at + ${2 * units}] + r * q);
  hNext = z * hNext + (1.0 - z) * g;`;

export function wholeResetAfter(options: WholeOptions): Code {
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
        let place = t * uniforms.batch + row;
        ${eachUnit(
          options,
          `
          var z = 0.0; var r = 0.0; var g = 0.0; var q = 0.0;
          var hNext = hNow[u];
          if (t < length) {
            for (var k = 0; k < ${units}; k++) {
              let before = hNow[k];
              let weight = k * ${3 * units} + u;
              z += before * recurrentKernel[weight];
              r += before * recurrentKernel[weight + ${units}];
              q += before * recurrentKernel[weight + ${2 * units}];
            }
            ${resetAfter(units)}
          }
          hAfter[u] = hNext;
          recurrentCandidate[place * ${units} + u] = q;
          ${write(units)}`,
        )}
        workgroupBarrier();
        ${eachUnit(options, 'hNow[u] = hAfter[u];')}
        workgroupBarrier();
      }`,
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
    right: (gate) => `recurrentKernel[k * ${3 * units} + ${gate * units} + u]`,
  });
  return {
    declarations: `${product.declarations} ${FUNCTIONS} ${previous('h', units)}`,
    body: `
      ${PLACE}
      let t = ${timeOf(options, 'uniforms.step')};
      let place = t * uniforms.batch + row;
      let placeBefore = ${timeOf(options, 'uniforms.step - 1')} * uniforms.batch + row;
      ${product.body}
      if ${isPlace(units)} {
        var z = 0.0; var r = 0.0; var g = 0.0; var q = 0.0;
        var hNext = previousH(row, u, placeBefore);
        if (t < ${lengthOf(options, 'row')}) {
          z = sum0; r = sum1; q = sum2;
          ${resetAfter(units)}
        }
        recurrentCandidate[place * ${units} + u] = q;
        ${write(units)}
      }`,
  };
}
