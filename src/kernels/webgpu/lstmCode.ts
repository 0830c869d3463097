import { type CodeOptions, eachUnit, FUNCTIONS, timeOf } from './code.ts';

/** The WGSL of the forward pass: `result [timeSteps, batch, 6 * units]` holds the four gates, c and h of each step. */
export function forwardCode(options: CodeOptions): string {
  const { units } = options;
  return `
    var<workgroup> hNow : array<f32, ${units}>;
    var<workgroup> hNext : array<f32, ${units}>;
    var<workgroup> cNow : array<f32, ${units}>;
    ${FUNCTIONS}
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, `hNow[u] = h0[row * ${units} + u]; cNow[u] = c0[row * ${units} + u];`)}
      workgroupBarrier();
      for (var step = 0; step < uniforms.timeSteps; step++) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let to = place * ${6 * units};
        ${eachUnit(
          options,
          `
          var i = 0.0; var f = 0.0; var g = 0.0; var o = 0.0;
          hNext[u] = hNow[u];
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
            i = sigmoidOf(i); f = sigmoidOf(f); g = tanhOf(g); o = sigmoidOf(o);
            cNow[u] = f * cNow[u] + i * g;
            hNext[u] = o * tanhOf(cNow[u]);
          }
          result[to + u] = i;
          result[to + ${units} + u] = f;
          result[to + ${2 * units} + u] = g;
          result[to + ${3 * units} + u] = o;
          result[to + ${4 * units} + u] = cNow[u];
          result[to + ${5 * units} + u] = hNext[u];`,
        )}
        workgroupBarrier();
        ${eachUnit(options, 'hNow[u] = hNext[u];')}
        workgroupBarrier();
      }
    }`;
}

/**
 * The WGSL of the backward pass: `result [timeSteps + 1, batch, 6 * units]` holds dz of the four gates and the total dL/dh and dL/dc
 * of each step; its last row holds, in the place of the latter two, what flows back to the first states.
 */
export function backwardCode(options: CodeOptions): string {
  const { units } = options;
  return `
    var<workgroup> dz : array<f32, ${4 * units}>;
    var<workgroup> dhCarried : array<f32, ${units}>;
    var<workgroup> dcCarried : array<f32, ${units}>;
    ${FUNCTIONS}
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, `dhCarried[u] = 0.0; dcCarried[u] = dcLast[row * ${units} + u];`)}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let placeBefore = ${timeOf(options, 'step - 1')} * uniforms.batch + row;
        let to = place * ${6 * units};
        ${eachUnit(
          options,
          `
          let dhTotal = dhCarried[u] + dh[place * ${units} + u];
          var dcTotal = dcCarried[u];
          var di = 0.0; var df = 0.0; var dg = 0.0; var dO = 0.0;
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
            dcCarried[u] = dcTotal * f;
          }
          dhCarried[u] = dhTotal;
          dz[u] = di; dz[${units} + u] = df; dz[${2 * units} + u] = dg; dz[${3 * units} + u] = dO;
          result[to + u] = di;
          result[to + ${units} + u] = df;
          result[to + ${2 * units} + u] = dg;
          result[to + ${3 * units} + u] = dO;
          result[to + ${4 * units} + u] = dhTotal;
          result[to + ${5 * units} + u] = dcTotal;`,
        )}
        workgroupBarrier();
        if (t < length) {
          ${eachUnit(
            options,
            `
            var sum = 0.0;
            for (var k = 0; k < ${4 * units}; k++) { sum += dz[k] * turned[k * ${units} + u]; }
            dhCarried[u] = sum;`,
          )}
        }
        workgroupBarrier();
      }
      let end = (uniforms.timeSteps * uniforms.batch + row) * ${6 * units};
      ${eachUnit(options, `result[end + ${4 * units} + u] = dhCarried[u]; result[end + ${5 * units} + u] = dcCarried[u];`)}
    }`;
}
