import { addProducts, type CodeOptions, FUNCTIONS, sharedArray, type WholeOptions, wholePass } from './code.ts';
import type { Code } from './dispatch.ts';
import { backStep, forOwn, laterOf, stepPlaces, sumToState } from './stepwise.ts';
import { tiledProduct } from './tiles.ts';

/**
 * WGSL of the GRU's backward pass. Per step it writes `dGates` (dz, dr, dg) and `received [1, timeSteps, batch,
 * units]`, the total dL/dh; `carried [batch, units]` accumulates the gradient of the previous state and ends as the
 * gradient of the first state. With resetAfter it also writes `dCandidate` = dg r, the gradient of the candidate's q
 * (`recurrentCandidate`). `transposed` is U^T, `before` holds the state before each step.
 */

/** Workgroup memory of the whole-sequence code, in floats per unit. */
export const SHARED = 4;

/**
 * Computes `dz`, `dg` and `next`, the gradient of the previous state without the part that comes through products, from
 * the total `dhTotal`. All are zero in masked steps.
 */
const updateAndCandidate = (units: number) => `
  let at = place * ${3 * units} + u;
  var dz = 0.0; var dg = 0.0; var next = dhTotal;
  if (t < length) {
    let z = storedGates[at]; let g = storedGates[at + ${2 * units}];
    dz = dhTotal * (before[place * ${units} + u] - tanhValue(g)) * sigmoidSlope(z);
    dg = dhTotal * sigmoidComplement(z) * storedTanhSlope(g);
    next = dhTotal * sigmoidValue(z);
  }
  dGates[at] = dz;
  dGates[at + ${2 * units}] = dg;
  received[place * ${units} + u] = dhTotal;`;

/**
 * Computes `dr` without resetAfter, and `back`, the gradient of the previous state through r h. `product` adds the
 * gradient of r h to `dResetState`.
 */
const reset = (units: number, product: string) => `
  let at = place * ${3 * units} + u;
  var dr = 0.0;
  var back = 0.0;
  if (t < length) {
    var dResetState = 0.0;
    ${product}
    let r = storedGates[at + ${units}];
    dr = dResetState * before[place * ${units} + u] * sigmoidSlope(r);
    back = dResetState * sigmoidValue(r);
  }
  dGates[at + ${units}] = dr;`;

/** Adds the products of the shared gate gradients with columns of U^T to the gradient of the previous state. */
const sumBack = (units: number, columns: number) => `
  if (t < length) {
    var sum = dhCarried[u];
    ${addProducts('dNow', columns, 'transposed', units, { sum: 0 })}
    dhCarried[u] = sum;
  }`;

/** Three phases: the gradient of r * h needs dg of all units, and the last sum needs dr of all units. */
export function wholeResetBefore(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `${sharedArray('dNow', 2 * units)} ${sharedArray('dgNow', units)} ${sharedArray('dhCarried', units)} ${FUNCTIONS}`,
    body: wholePass(options, {
      backward: true,
      begin: 'dhCarried[u] = 0.0;',
      phases: [
        `
        let dhTotal = dhCarried[u] + dh[place * ${units} + u];
        ${updateAndCandidate(units)}
        dhCarried[u] = next;
        dNow[u] = dz;
        dgNow[u] = dg;`,
        `
        ${reset(units, addProducts('dgNow', units, 'transposed', units, { dResetState: 0 }, 2 * units))}
        dhCarried[u] += back;
        dNow[${units} + u] = dr;`,
        sumBack(units, 2 * units),
      ],
      end: `carried[row * ${units} + u] = dhCarried[u];`,
    }),
  };
}

/**
 * Two dispatches per step, from the last step back: 2 s + 1 computes dz and dg of step s, 2 s computes dr; the final
 * dispatch has number -1.
 */
export function stepResetBefore(options: CodeOptions): Code {
  const { units } = options;
  const step = '(uniforms.step >> 1u)';
  const back = sumToState(units, 2 * units, `laterDGates(placeAfter * ${3 * units} + k)`);
  const toResetState = tiledProduct({
    name: 'toResetState',
    units,
    gates: 1,
    inner: units,
    left: `dGates[place * ${3 * units} + ${2 * units} + k]`,
    right: () => `transposed[(${2 * units} + k) * ${units} + u]`,
  });
  return {
    declarations: `${back.declarations} ${toResetState.declarations} ${laterOf('dGates', step)} ${FUNCTIONS}`,
    body: `
      ${stepPlaces(options, step)}
      if ((uniforms.step & 1) == 1) {
        ${back.body}
        ${backStep(options, 'back0', `${updateAndCandidate(units)} carried[own] = next;`)}
      } else {
        ${toResetState.body}
        ${forOwn(options, `${reset(units, 'dResetState = toResetState0;')} carried[row * ${units} + u] += back;`)}
      }`,
  };
}

/** All gradients of a step with resetAfter, from the total dL/dh. */
const resetAfter = (units: number) => `
  ${updateAndCandidate(units)}
  var dr = 0.0; var dq = 0.0;
  if (t < length) {
    let r = storedGates[at + ${units}];
    dr = dg * recurrentCandidate[place * ${units} + u] * sigmoidSlope(r);
    dq = dg * sigmoidValue(r);
  }
  dGates[at + ${units}] = dr;
  dCandidate[place * ${units} + u] = dq;`;

export function wholeResetAfter(options: WholeOptions): Code {
  const { units } = options;
  return {
    declarations: `${sharedArray('dNow', 3 * units)} ${sharedArray('dhCarried', units)} ${FUNCTIONS}`,
    body: wholePass(options, {
      backward: true,
      begin: 'dhCarried[u] = 0.0;',
      phases: [
        `
        let dhTotal = dhCarried[u] + dh[place * ${units} + u];
        ${resetAfter(units)}
        dhCarried[u] = next;
        dNow[u] = dz; dNow[${units} + u] = dr; dNow[${2 * units} + u] = dq;`,
        sumBack(units, 3 * units),
      ],
      end: `carried[row * ${units} + u] = dhCarried[u];`,
    }),
  };
}

/** One dispatch per step, numbered as in the forward pass, from the last step down to -1. */
export function stepResetAfter(options: CodeOptions): Code {
  const { units } = options;
  const back = sumToState(units, 3 * units, 'laterState(placeAfter, k)');
  return {
    declarations: `
      ${back.declarations} ${laterOf('dGates')} ${laterOf('dCandidate')} ${FUNCTIONS}
      fn laterState(place : i32, k : i32) -> f32 {
        if (k < ${2 * units}) { return laterDGates(place * ${3 * units} + k); }
        return laterDCandidate(place * ${units} + k - ${2 * units});
      }`,
    body: `
      ${stepPlaces(options)}
      ${back.body}
      ${backStep(options, 'back0', `${resetAfter(units)} carried[own] = next;`)}`,
  };
}
