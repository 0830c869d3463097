import { type CodeOptions, lengthOf, placesOf } from './code.ts';
import { TILE } from './tiles.ts';

/**
 * What the code of a cell is made of that walks a step in a dispatch: each thread has a unit and a row, which is a
 * sequence of the batch.
 */

/**
 * Where the step `step` lies for this thread: its unit `u` and its `row`, and what `placesOf` tells. Beyond the last
 * unit and row it only helps to load.
 */
export function stepPlaces(options: CodeOptions, step = 'uniforms.step'): string {
  return `let u = group.x * ${TILE} + local.x; let row = group.y * ${TILE} + local.y; let step = ${step}; ${placesOf(options)}`;
}

/** What a thread does that has a unit and a row; it knows the `length` of its sequence. */
export function forOwn(options: CodeOptions, body: string): string {
  return `if (u < ${options.units} && row < uniforms.batch) { let length = ${lengthOf(options, 'row')}; ${body} }`;
}

/**
 * `previousX(row, u, placeBefore)`: the state x before the step that is walked, which is x0 where that is the first.
 */
export function previous(state: string, units: number, step = 'uniforms.step'): string {
  return `fn previous${capital(state)}(row : i32, u : i32, placeBefore : i32) -> f32 {
    if (${step} == 0) { return ${state}0[row * ${units} + u]; }
    return ${state}[placeBefore * ${units} + u];
  }`;
}

/**
 * `laterX(at)`: an array of gradients of the step after; there is none yet where that step is the first to be walked
 * back.
 */
export function laterOf(gradients: string, step = 'uniforms.step'): string {
  return `fn later${capital(gradients)}(at : i32) -> f32 {
    if (${step} == uniforms.timeSteps - 1) { return 0.0; }
    return ${gradients}[at];
  }`;
}

/**
 * A step walked back: what was carried from the step after, with the `sum` of what came by its gates, and dh give the
 * total dL/dh, `dhTotal`; then the cell's own code. Step -1 only leaves what flows to the first state.
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
