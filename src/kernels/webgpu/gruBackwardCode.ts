import { type CodeOptions, eachUnit, lengthOf, timeOf, type WholeOptions } from './code.ts';
import type { Code } from './dispatch.ts';
import { isPlace, laterOf, PLACE } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * The WGSL of a GRU's backward pass: it writes `dGates` (dz, dr, dg) and `received [1, timeSteps, batch, units]`, the total dL/dh, of each
 * step; and `carried [batch, units]`, what flows back from the steps done so far, in the end to the first state. Where the cell resets
 * after the product, also `dCandidate`, dg r, which arrives at the candidate's q (`recurrentCandidate`). `turned` is U^T, `before` the
 * states before each step.
 */

/** Shared memory of the code for a whole sequence, in floats for each unit. */
export const SHARED = 4;

/** dz and dg of a step that is not masked, from the total dL/dh. */
const updateAndCandidate = (units: number) => `
  let at = place * ${3 * units} + u;
  let z = gates[at]; let g = gates[at + ${2 * units}];
  dz = total * (before[place * ${units} + u] - g) * z * (1.0 - z);
  dg = total * (1.0 - z) * (1.0 - g * g);
  next = total * z;`;

/** dr of a step, and what it lets flow back, from the gradient of r * h. */
const reset = (units: number) => `
  let r = gates[place * ${3 * units} + ${units} + u];
  dr = dResetState * before[place * ${units} + u] * r * (1.0 - r);`;

/** The gradient of r * h takes dg of all units, and the last sum takes dr of all: three phases. */
export function wholeResetBefore(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `
      var<workgroup> dNow : array<f32, ${2 * units}>;
      var<workgroup> dgNow : array<f32, ${units}>;
      var<workgroup> dhCarried : array<f32, ${units}>;`,
    body: `
      let row = group.x;
      let length = ${lengthOf(options, 'row')};
      ${eachUnit(options, 'dhCarried[u] = 0.0;')}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        let to = place * ${3 * units};
        ${eachUnit(
          options,
          `
          let total = dhCarried[u] + dh[place * ${units} + u];
          var dz = 0.0; var dg = 0.0; var next = total;
          if (t < length) { ${updateAndCandidate(units)} }
          dhCarried[u] = next;
          dNow[u] = dz;
          dgNow[u] = dg;
          dGates[to + u] = dz;
          dGates[to + ${2 * units} + u] = dg;
          received[place * ${units} + u] = total;`,
        )}
        workgroupBarrier();
        ${eachUnit(
          options,
          `
          var dr = 0.0;
          if (t < length) {
            var dResetState = 0.0;
            for (var k = 0; k < ${units}; k++) { dResetState += dgNow[k] * turned[(${2 * units} + k) * ${units} + u]; }
            ${reset(units)}
            dhCarried[u] += dResetState * r;
          }
          dNow[${units} + u] = dr;
          dGates[to + ${units} + u] = dr;`,
        )}
        workgroupBarrier();
        ${sumBack(options, 2 * units)}
        workgroupBarrier();
      }
      ${eachUnit(options, `carried[row * ${units} + u] = dhCarried[u];`)}`,
  };
}

/**
 * Two dispatches a step, from the last step back: number 2 s + 1 of step s for dz and dg, 2 s for dr; and number -1, which only adds up what
 * flows to the first state.
 */
export function stepResetBefore(options: CodeOptions): Code {
  const { units } = options;
  const back = tiledProduct({ name: 'back', units, gates: 1, inner: 2 * units, left: `laterDGates(placeAfter * ${3 * units} + k)`, right: () => `turned[k * ${units} + u]` });
  const toResetState = tiledProduct({
    name: 'toResetState',
    units,
    gates: 1,
    inner: units,
    left: `dGates[place * ${3 * units} + ${2 * units} + k]`,
    right: () => `turned[(${2 * units} + k) * ${units} + u]`,
  });
  return {
    declarations: `${back.declarations} ${toResetState.declarations} ${laterOf('dGates', '(uniforms.step >> 1u)')}`,
    body: `
      ${PLACE}
      let step = uniforms.step >> 1u;
      let t = ${timeOf(options, 'step')};
      let place = t * uniforms.batch + row;
      let placeAfter = ${timeOf(options, 'step + 1')} * uniforms.batch + row;
      let to = place * ${3 * units} + u;
      let own = row * ${units} + u;
      if ((uniforms.step & 1) == 1) {
        ${back.body}
        if ${isPlace(units)} {
          var dhCarried = 0.0;
          if (step < uniforms.timeSteps - 1) { dhCarried = carried[own] + back0; }
          if (step < 0) {
            carried[own] = dhCarried;
          } else {
            let total = dhCarried + dh[place * ${units} + u];
            var dz = 0.0; var dg = 0.0; var next = total;
            if (t < ${lengthOf(options, 'row')}) { ${updateAndCandidate(units)} }
            carried[own] = next;
            dGates[to] = dz;
            dGates[to + ${2 * units}] = dg;
            received[place * ${units} + u] = total;
          }
        }
      } else {
        ${toResetState.body}
        if ${isPlace(units)} {
          var dr = 0.0;
          if (t < ${lengthOf(options, 'row')}) {
            let dResetState = toResetState0;
            ${reset(units)}
            carried[own] += dResetState * r;
          }
          dGates[to + ${units}] = dr;
        }
      }`,
  };
}

/** All gradients of a step that resets after the product, from the total dL/dh; and they are written. */
const resetAfter = (units: number) => `
  var dz = 0.0; var dr = 0.0; var dg = 0.0; var dq = 0.0; var next = total;
  if (t < length) {
    ${updateAndCandidate(units)}
    let r = gates[at + ${units}];
    dr = dg * recurrentCandidate[place * ${units} + u] * r * (1.0 - r);
    dq = dg * r;
  }
  let to = place * ${3 * units} + u;
  dGates[to] = dz; dGates[to + ${units}] = dr; dGates[to + ${2 * units}] = dg;
  dCandidate[place * ${units} + u] = dq;
  received[place * ${units} + u] = total;`;

export function wholeResetAfter(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `
      var<workgroup> dNow : array<f32, ${3 * units}>;
      var<workgroup> dhCarried : array<f32, ${units}>;`,
    body: `
      let row = group.x;
      let length = ${lengthOf(options, 'row')};
      ${eachUnit(options, 'dhCarried[u] = 0.0;')}
      for (var step = uniforms.timeSteps - 1; step >= 0; step--) {
        let t = ${timeOf(options, 'step')};
        let place = t * uniforms.batch + row;
        ${eachUnit(
          options,
          `
          let total = dhCarried[u] + dh[place * ${units} + u];
          ${resetAfter(units)}
          dhCarried[u] = next;
          dNow[u] = dz; dNow[${units} + u] = dr; dNow[${2 * units} + u] = dq;`,
        )}
        workgroupBarrier();
        ${sumBack(options, 3 * units)}
        workgroupBarrier();
      }
      ${eachUnit(options, `carried[row * ${units} + u] = dhCarried[u];`)}`,
  };
}

/** Steps are numbered as in the forward pass and dispatched from the last to number -1, which only adds up what flows to the first state. */
export function stepResetAfter(options: CodeOptions): Code {
  const { units } = options;
  const back = tiledProduct({ name: 'back', units, gates: 1, inner: 3 * units, left: 'laterState(placeAfter, k)', right: () => `turned[k * ${units} + u]` });
  return {
    declarations: `
      ${back.declarations} ${laterOf('dGates')} ${laterOf('dCandidate')}
      fn laterState(place : i32, k : i32) -> f32 {
        if (k < ${2 * units}) { return laterDGates(place * ${3 * units} + k); }
        return laterDCandidate(place * ${units} + k - ${2 * units});
      }`,
    body: `
      ${PLACE}
      let t = ${timeOf(options, 'uniforms.step')};
      let place = t * uniforms.batch + row;
      let placeAfter = ${timeOf(options, 'uniforms.step + 1')} * uniforms.batch + row;
      ${back.body}
      if ${isPlace(units)} {
        let length = ${lengthOf(options, 'row')};
        let own = row * ${units} + u;
        var dhCarried = 0.0;
        if (uniforms.step < uniforms.timeSteps - 1) { dhCarried = carried[own] + back0; }
        if (uniforms.step < 0) {
          carried[own] = dhCarried;
        } else {
          let total = dhCarried + dh[place * ${units} + u];
          ${resetAfter(units)}
          carried[own] = next;
        }
      }`,
  };
}

/** Adds to what flows back the gradients of so many columns of U, times those columns. */
function sumBack(options: WholeOptions, columns: number): string {
  return `if (t < length) {
          ${eachUnit(
            options,
            `
            var sum = dhCarried[u];
            for (var k = 0; k < ${columns}; k++) { sum += dNow[k] * turned[k * ${options.units} + u]; }
            dhCarried[u] = sum;`,
          )}
        }`;
}
