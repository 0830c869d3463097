import { type CodeOptions, lengthOf, placesOf } from './code.ts';
import type { Code } from './dispatch.ts';
import { TILE, tiledProduct } from './tiles.ts';

/**
 * Building blocks of the code that runs one step per dispatch. Each thread handles one unit of one row, which is a
 * sequence of the batch.
 */

/**
 * Unit `u` and `row` of this thread, and the indices of `placesOf`. Threads beyond the last unit or row only help to
 * load tiles.
 */
export function stepPlaces(options: CodeOptions, step = 'uniforms.step'): string {
  return `let u = group.x * ${TILE} + local.x; let row = group.y * ${TILE} + local.y; let step = ${step}; ${placesOf(options)}`;
}

/** Runs the body in threads that have a unit and a row, with the `length` of the sequence. */
export function forOwn(options: CodeOptions, body: string): string {
  return `if (u < ${options.units} && row < uniforms.batch) { let length = ${lengthOf(options, 'row')}; ${body} }`;
}

/**
 * Declares `previousX(row, u, placeBefore)`: the state x before the current iteration, x0 in the first one.
 */
export function previous(state: string, units: number, step = 'uniforms.step'): string {
  return `fn previous${capital(state)}(row : i32, u : i32, placeBefore : i32) -> f32 {
    if (${step} == 0) { return ${state}0[row * ${units} + u]; }
    return ${state}[placeBefore * ${units} + u];
  }`;
}

/**
 * Declares `laterX(at)`: gradients of the following step, zero in the first iteration of the backward pass.
 */
export function laterOf(gradients: string, step = 'uniforms.step'): string {
  return `fn later${capital(gradients)}(at : i32) -> f32 {
    if (${step} == uniforms.timeSteps - 1) { return 0.0; }
    return ${gradients}[at];
  }`;
}

/** The sums `sum0`, `sum1`, ... of h U for each of the gates, from the state before the step, `previousH`. */
export function recurrentSums(units: number, gates: number): Code {
  return tiledProduct({
    name: 'sum',
    units,
    gates,
    inner: units,
    left: 'previousH(row, k, placeBefore)',
    right: (gate) => `recurrentKernel[k * ${gates * units} + ${gate * units} + u]`,
  });
}

/**
 * The sum `back0` of dz U^T, which passes the gradients of the following step's gates to the state.
 * @param width length of dz
 * @param later expression for element `k` of dz in the following step
 */
export function sumToState(units: number, width: number, later: string): Code {
  return tiledProduct({
    name: 'back',
    units,
    gates: 1,
    inner: width,
    left: later,
    right: () => `transposed[k * ${units} + u]`,
  });
}

/**
 * One iteration of the backward pass. Adds dh, the gradient carried from the following step and the `sum` through its
 * gates to the total dL/dh, `dhTotal`, then runs the cell's code. Step -1 only writes the gradient of the first state.
 */
export function backStep(options: CodeOptions, sum: string, body: string): string {
  const { units } = options;
  return forOwn(
    options,
    `
    let own = row * ${units} + u;
    var dhCarried = 0.0;
    if (step < uniforms.timeSteps - 1) { dhCarried = carried[own] + ${sum}; }
    if (step < 0) {
      carried[own] = dhCarried;
    } else {
      let dhTotal = dhCarried + dh[place * ${units} + u];
      ${body}
    }`,
  );
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
