import { type CodeOptions, eachUnit, timeOf } from './code.ts';

/**
 * The WGSL of the backward pass of a GRU that resets before the product: `result [timeSteps + 1, batch, 4 * units]` holds dz, dr, dg and
 * the total dL/dh of each step; its last row holds, in the place of the latter, what flows back to the first state. `turned` is U^T,
 * `before` the states before each step. The gradient of r * h takes dg of all units, and the last sum takes dr of all: three phases.
 */
export function resetBeforeBackwardCode(options: CodeOptions): string {
  const { units } = options;
  return `
    var<workgroup> dGates : array<f32, ${2 * units}>;
    var<workgroup> dg : array<f32, ${units}>;
    var<workgroup> dhCarried : array<f32, ${units}>;
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, 'dhCarried[u] = 0.0;')}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let at = place * ${3 * units};
        let to = place * ${4 * units};
        ${eachUnit(
          options,
          `
          let total = dhCarried[u] + dh[place * ${units} + u];
          dhCarried[u] = total;
          dGates[u] = 0.0;
          dg[u] = 0.0;
          if (t < length) {
            let z = gates[at + u]; let g = gates[at + ${2 * units} + u];
            dGates[u] = total * (before[place * ${units} + u] - g) * z * (1.0 - z);
            dg[u] = total * (1.0 - z) * (1.0 - g * g);
            dhCarried[u] = total * z;
          }
          result[to + u] = dGates[u];
          result[to + ${2 * units} + u] = dg[u];
          result[to + ${3 * units} + u] = total;`,
        )}
        workgroupBarrier();
        ${eachUnit(
          options,
          `
          var dr = 0.0;
          if (t < length) {
            var dResetState = 0.0;
            for (var k = 0; k < ${units}; k++) { dResetState += dg[k] * turned[(${2 * units} + k) * ${units} + u]; }
            let r = gates[at + ${units} + u];
            dr = dResetState * before[place * ${units} + u] * r * (1.0 - r);
            dhCarried[u] += dResetState * r;
          }
          dGates[${units} + u] = dr;
          result[to + ${units} + u] = dr;`,
        )}
        workgroupBarrier();
        ${sumBack(options, 'dGates', 2 * units)}
        workgroupBarrier();
      }
      ${leaveCarried(options, 4 * units)}
    }`;
}

/**
 * The WGSL of the backward pass of a GRU that resets after the product: `result [timeSteps + 1, batch, 5 * units]` holds dz, dr, dg, the
 * total dL/dh, and dg r, which arrives at the candidate's q, of each step; its last row holds, in the place of dL/dh, what flows back to
 * the first state. Inputs as above, and `recurrentCandidate`, q.
 */
export function resetAfterBackwardCode(options: CodeOptions): string {
  const { units } = options;
  return `
    var<workgroup> dState : array<f32, ${3 * units}>;
    var<workgroup> dhCarried : array<f32, ${units}>;
    fn main(index : i32) {
      let row = i32(workgroupId.x);
      let length = lengths[row];
      ${eachUnit(options, 'dhCarried[u] = 0.0;')}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let to = place * ${5 * units};
        ${eachUnit(
          options,
          `
          let total = dhCarried[u] + dh[place * ${units} + u];
          var dz = 0.0; var dr = 0.0; var dg = 0.0; var dq = 0.0;
          dhCarried[u] = total;
          if (t < length) {
            let at = place * ${3 * units} + u;
            let z = gates[at]; let r = gates[at + ${units}]; let g = gates[at + ${2 * units}];
            dz = total * (before[place * ${units} + u] - g) * z * (1.0 - z);
            dg = total * (1.0 - z) * (1.0 - g * g);
            dr = dg * recurrentCandidate[place * ${units} + u] * r * (1.0 - r);
            dq = dg * r;
            dhCarried[u] = total * z;
          }
          dState[u] = dz; dState[${units} + u] = dr; dState[${2 * units} + u] = dq;
          result[to + u] = dz;
          result[to + ${units} + u] = dr;
          result[to + ${2 * units} + u] = dg;
          result[to + ${3 * units} + u] = total;
          result[to + ${4 * units} + u] = dq;`,
        )}
        workgroupBarrier();
        ${sumBack(options, 'dState', 3 * units)}
        workgroupBarrier();
      }
      ${leaveCarried(options, 5 * units)}
    }`;
}

/** Adds to what flows back the gradients of so many columns of U, times those columns. */
function sumBack(options: CodeOptions, gradients: string, columns: number): string {
  return `if (t < length) {
          ${eachUnit(
            options,
            `
            var sum = dhCarried[u];
            for (var k = 0; k < ${columns}; k++) { sum += ${gradients}[k] * turned[k * ${options.units} + u]; }
            dhCarried[u] = sum;`,
          )}
        }`;
}

/** Leaves what flows back to the first state in the last row, in the fourth place. */
function leaveCarried(options: CodeOptions, width: number): string {
  return `let end = (uniforms.timeSteps * uniforms.batch + row) * ${width};
      ${eachUnit(options, `result[end + ${3 * options.units} + u] = dhCarried[u];`)}`;
}
