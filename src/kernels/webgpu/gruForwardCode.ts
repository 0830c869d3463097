import { type CodeOptions, eachUnit, FUNCTIONS, timeOf } from './code.ts';

/**
 * The WGSL of a GRU's forward pass that resets before the product: `result [timeSteps, batch, 4 * units]` holds the three gates and h of
 * each step. `projected` is x W + b. The candidate's product waits for r * h of all units, so that a step has two phases.
 */
export function resetBeforeForwardCode(options: CodeOptions): string {
  const { units } = options;
  return `
    var<workgroup> hNow : array<f32, ${units}>;
    var<workgroup> update : array<f32, ${units}>;
    var<workgroup> resetState : array<f32, ${units}>;
    ${FUNCTIONS}
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, `hNow[u] = h0[row * ${units} + u];`)}
      workgroupBarrier();
      for (var step = 0; step < uniforms.timeSteps; step++) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let at = place * ${3 * units};
        let to = place * ${4 * units};
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
          update[u] = z;
          resetState[u] = r * hNow[u];
          result[to + u] = z;
          result[to + ${units} + u] = r;`,
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
            hNow[u] = update[u] * hNow[u] + (1.0 - update[u]) * g;
          }
          result[to + ${2 * units} + u] = g;
          result[to + ${3 * units} + u] = hNow[u];`,
        )}
        workgroupBarrier();
      }
    }`;
}

/**
 * The WGSL of a GRU's forward pass that resets after the product: `result [timeSteps, batch, 5 * units]` holds the three gates, h, and
 * h_{t-1} U + b_h of the candidate. `projected` is x W + b_x, `recurrentBias` is b_h.
 */
export function resetAfterForwardCode(options: CodeOptions): string {
  const { units } = options;
  return `
    var<workgroup> hNow : array<f32, ${units}>;
    var<workgroup> hNext : array<f32, ${units}>;
    ${FUNCTIONS}
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, `hNow[u] = h0[row * ${units} + u];`)}
      workgroupBarrier();
      for (var step = 0; step < uniforms.timeSteps; step++) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let to = place * ${5 * units};
        ${eachUnit(
          options,
          `
          var z = 0.0; var r = 0.0; var g = 0.0; var q = 0.0;
          hNext[u] = hNow[u];
          if (t < length) {
            let at = place * ${3 * units} + u;
            z = projected[at] + recurrentBias[u];
            r = projected[at + ${units}] + recurrentBias[${units} + u];
            q = recurrentBias[${2 * units} + u];
            for (var k = 0; k < ${units}; k++) {
              let before = hNow[k];
              let weight = k * ${3 * units} + u;
              z += before * recurrentKernel[weight];
              r += before * recurrentKernel[weight + ${units}];
              q += before * recurrentKernel[weight + ${2 * units}];
            }
            z = sigmoidOf(z); r = sigmoidOf(r);
            g = tanhOf(projected[at + ${2 * units}] + r * q);
            hNext[u] = z * hNow[u] + (1.0 - z) * g;
          }
          result[to + u] = z;
          result[to + ${units} + u] = r;
          result[to + ${2 * units} + u] = g;
          result[to + ${3 * units} + u] = hNext[u];
          result[to + ${4 * units} + u] = q;`,
        )}
        workgroupBarrier();
        ${eachUnit(options, 'hNow[u] = hNext[u];')}
        workgroupBarrier();
      }
    }`;
}
