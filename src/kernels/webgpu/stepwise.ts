import { TILE } from './tiles.ts';

/** What the code of a cell is made of that walks a step in a dispatch: each thread has a unit and a row, which is a sequence of the batch. */

/** This thread's unit and row; beyond the last of them a thread only helps to load. */
export const PLACE = `let u = group.x * ${TILE} + local.x; let row = group.y * ${TILE} + local.y;`;

/** Whether this thread has a unit and a row. */
export function isPlace(units: number): string {
  return `(u < ${units} && row < uniforms.batch)`;
}

/** `previousX(row, u, placeBefore)`: the state x before the step that is walked, which is x0 where that is the first. */
export function previous(state: string, units: number, step = 'uniforms.step'): string {
  return `fn previous${capital(state)}(row : i32, u : i32, placeBefore : i32) -> f32 {
    if (${step} == 0) { return ${state}0[row * ${units} + u]; }
    return ${state}[placeBefore * ${units} + u];
  }`;
}

/** `laterX(at)`: an array of gradients of the step after; there is none yet where that step is the first to be walked back. */
export function laterOf(gradients: string, step = 'uniforms.step'): string {
  return `fn later${capital(gradients)}(at : i32) -> f32 {
    if (${step} == uniforms.timeSteps - 1) { return 0.0; }
    return ${gradients}[at];
  }`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
