import { type CodeOptions, eachUnit, FUNCTIONS, lengthOf, timeOf, type WholeOptions } from './code.ts';
import type { Code } from './dispatch.ts';
import { isPlace, laterOf, PLACE, previous } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * The WGSL of an LSTM. Forward it writes `h`, `c` and `gates` of each step from `z`, x W + b. Backward it writes `dz` of the four gates;
 * `received [2, timeSteps, batch, units]`, the total dL/dh and dL/dc of each step; and `carried [2, batch, units]`, what flows back from
 * the steps done so far, in the end to the first states. `turned` is U^T.
 */

/** Gates and states from the four sums `i`, `f`, `g`, `o`, and `cBefore`. */
const FORWARD = `
  i = sigmoidOf(i); f = sigmoidOf(f); g = tanhOf(g); o = sigmoidOf(o);
  cNext = f * cBefore + i * g;
  hNext = o * tanhOf(cNext);`;

/** Gates and states of a step, at `place` (steps times sequences) and `u`. */
const writeForward = (units: number) => `
  let to = place * ${4 * units} + u;
  gates[to] = i; gates[to + ${units}] = f; gates[to + ${2 * units}] = g; gates[to + ${3 * units}] = o;
  c[place * ${units} + u] = cNext;
  h[place * ${units} + u] = hNext;`;

/**
 * The gradients of a step from the total `dhTotal`, and from `dcTotal` but for what comes by h: `di`, `df`, `dg`, `dO`; and what flows
 * back past it, `dhNext` but for what comes by the gates, and `dcNext`.
 */
const backward = (units: number) => `
  var di = 0.0; var df = 0.0; var dg = 0.0; var dO = 0.0;
  var dhNext = dhTotal; var dcNext = dcTotal;
  if (t < length) {
    let at = place * ${4 * units} + u;
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
  let to = place * ${4 * units} + u;
  dz[to] = di; dz[to + ${units}] = df; dz[to + ${2 * units}] = dg; dz[to + ${3 * units}] = dO;
  received[place * ${units} + u] = dhTotal;
  received[(uniforms.timeSteps * uniforms.batch + place) * ${units} + u] = dcTotal;`;

/** Shared memory of the code for a whole sequence, in floats for each unit. */
export const FORWARD_SHARED = 3;
export const BACKWARD_SHARED = 6;

export function wholeForward(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `
      var<workgroup> hNow : array<f32, ${units}>;
      var<workgroup> hAfter : array<f32, ${units}>;
      var<workgroup> cNow : array<f32, ${units}>;
      ${FUNCTIONS}`,
    body: `
      let row = group.x;
      let length = ${lengthOf(options, 'row')};
      ${eachUnit(options, `hNow[u] = h0[row * ${units} + u]; cNow[u] = c0[row * ${units} + u];`)}
      workgroupBarrier();
      for (var step = 0; step < uniforms.timeSteps; step++) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        ${eachUnit(
          options,
          `
          let cBefore = cNow[u];
          var i = 0.0; var f = 0.0; var g = 0.0; var o = 0.0;
          var hNext = hNow[u]; var cNext = cBefore;
          if (t < length) {
            let at = place * ${4 * units} + u;
            i = z[at]; f = z[at + ${units}]; g = z[at + ${2 * units}]; o = z[at + ${3 * units}];
            for (var k = 0; k < ${units}; k++) {
              let before = hNow[k];
              let weight = k * ${4 * units} + u;
              i += before * recurrentKernel[weight];
              f += before * recurrentKernel[weight + ${units}];
              g += before * recurrentKernel[weight + ${2 * units}];
              o += before * recurrentKernel[weight + ${3 * units}];
            }
            ${FORWARD}
          }
          hAfter[u] = hNext;
          cNow[u] = cNext;
          ${writeForward(units)}`,
        )}
        workgroupBarrier();
        ${eachUnit(options, 'hNow[u] = hAfter[u];')}
        workgroupBarrier();
      }`,
  };
}

export function stepForward(options: CodeOptions): Code {
  const { units } = options;
  const product = tiledProduct({
    name: 'sum',
    units,
    gates: 4,
    inner: units,
    left: 'previousH(row, k, placeBefore)',
    right: (gate) => `recurrentKernel[k * ${4 * units} + ${gate * units} + u]`,
  });
  return {
    declarations: `
      ${product.declarations}
      ${FUNCTIONS}
      ${previous('h', units)}
      ${previous('c', units)}`,
    body: `
      ${PLACE}
      let t = ${timeOf(options, 'uniforms.step')};
      let place = t * uniforms.batch + row;
      let placeBefore = ${timeOf(options, 'uniforms.step - 1')} * uniforms.batch + row;
      ${product.body}
      if ${isPlace(units)} {
        let length = ${lengthOf(options, 'row')};
        let cBefore = previousC(row, u, placeBefore);
        var i = 0.0; var f = 0.0; var g = 0.0; var o = 0.0;
        var hNext = previousH(row, u, placeBefore); var cNext = cBefore;
        if (t < length) {
          let at = place * ${4 * units} + u;
          i = z[at] + sum0; f = z[at + ${units}] + sum1; g = z[at + ${2 * units}] + sum2; o = z[at + ${3 * units}] + sum3;
          ${FORWARD}
        }
        ${writeForward(units)}
      }`,
  };
}

export function wholeBackward(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `
      var<workgroup> dzNow : array<f32, ${4 * units}>;
      var<workgroup> dhCarried : array<f32, ${units}>;
      var<workgroup> dcCarried : array<f32, ${units}>;
      ${FUNCTIONS}`,
    body: `
      let row = group.x;
      let length = ${lengthOf(options, 'row')};
      ${eachUnit(options, `dhCarried[u] = 0.0; dcCarried[u] = dcLast[row * ${units} + u];`)}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let placeBefore = ${timeOf(options, 'step - 1')} * uniforms.batch + row;
        ${eachUnit(
          options,
          `
          let dhTotal = dhCarried[u] + dh[place * ${units} + u];
          var dcTotal = dcCarried[u];
          ${backward(units)}
          dhCarried[u] = dhNext;
          dcCarried[u] = dcNext;
          dzNow[u] = di; dzNow[${units} + u] = df; dzNow[${2 * units} + u] = dg; dzNow[${3 * units} + u] = dO;`,
        )}
        workgroupBarrier();
        if (t < length) {
          ${eachUnit(
            options,
            `
            var sum = 0.0;
            for (var k = 0; k < ${4 * units}; k++) { sum += dzNow[k] * turned[k * ${units} + u]; }
            dhCarried[u] += sum;`,
          )}
        }
        workgroupBarrier();
      }
      ${eachUnit(options, `carried[row * ${units} + u] = dhCarried[u]; carried[(uniforms.batch + row) * ${units} + u] = dcCarried[u];`)}`,
  };
}

/** Steps are numbered as in the forward pass and dispatched from the last to number -1, which only adds up what flows to the first states. */
export function stepBackward(options: CodeOptions): Code {
  const { units } = options;
  const product = tiledProduct({
    name: 'sum',
    units,
    gates: 1,
    inner: 4 * units,
    left: `laterDz(placeAfter * ${4 * units} + k)`,
    right: () => `turned[k * ${units} + u]`,
  });
  return {
    declarations: `
      ${product.declarations}
      ${FUNCTIONS}
      ${laterOf('dz')}`,
    body: `
      ${PLACE}
      let step = uniforms.step;
      let t = ${timeOf(options, 'step')};
      let place = t * uniforms.batch + row;
      let placeBefore = ${timeOf(options, 'step - 1')} * uniforms.batch + row;
      let placeAfter = ${timeOf(options, 'step + 1')} * uniforms.batch + row;
      ${product.body}
      if ${isPlace(units)} {
        let length = ${lengthOf(options, 'row')};
        let own = row * ${units} + u;
        let ownC = (uniforms.batch + row) * ${units} + u;
        var dhCarried = 0.0;
        var dcTotal = dcLast[own];
        if (step < uniforms.timeSteps - 1) { dhCarried = carried[own] + sum0; dcTotal = carried[ownC]; }
        if (step < 0) {
          carried[own] = dhCarried;
        } else {
          let dhTotal = dhCarried + dh[place * ${units} + u];
          ${backward(units)}
          carried[own] = dhNext;
          carried[ownC] = dcNext;
        }
      }`,
  };
}
