import type { Code, Work } from './dispatch.ts';

/** How a program is cut into threads. */
type Grid = Pick<Work<string>, 'workgroupSize' | 'workgroups'>;

/** Threads that reduce a row between them. */
export const THREADS = 64;
/** Workgroups that every device allows in a dispatch; rows beyond them are taken in turn. */
const MOST_GROUPS = 65_535;

/** One workgroup a row, as far as there are so many. */
export function rowsOf(rows: number): Grid {
  return { workgroupSize: [THREADS, 1], workgroups: [Math.min(rows, MOST_GROUPS), 1] };
}

/** The same body for each row that a workgroup takes, `uniforms.rows` in all. */
export function eachRow(body: string): string {
  return `for (var row = group.x; row < uniforms.rows; row += groups.x) { ${body} }`;
}

/** `maxOfAll(localIndex, value)` and `sumOfAll(localIndex, value)`: over a workgroup, for all of its threads, which must all come by. */
export const REDUCTIONS = `
  var<workgroup> parts : array<f32, ${THREADS}>;
  ${reduction('maxOfAll', 'max(parts[localIndex], parts[localIndex + width])')}
  ${reduction('sumOfAll', 'parts[localIndex] + parts[localIndex + width]')}
`;

function reduction(name: string, combined: string): string {
  return `fn ${name}(localIndex : i32, value : f32) -> f32 {
    parts[localIndex] = value;
    workgroupBarrier();
    for (var width = ${THREADS / 2}; width > 0; width /= 2) {
      if (localIndex < width) { parts[localIndex] = ${combined}; }
      workgroupBarrier();
    }
    let all = parts[0];
    workgroupBarrier();
    return all;
  }`;
}

/** A loop over the numbers that are this thread's. */
export function eachOf(count: string, body: string): string {
  return `for (var i = localIndex; i < ${count}; i += ${THREADS}) { ${body} }`;
}

/** Threads and workgroups for a program that works on each of so many numbers by itself. */
const ELEMENT_THREADS = 256;
const ELEMENT_GROUPS = 4096;

export function elementsOf(count: number): Grid {
  return { workgroupSize: [ELEMENT_THREADS, 1], workgroups: [Math.min(ELEMENT_GROUPS, Math.ceil(count / ELEMENT_THREADS)), 1] };
}

/** The same body for each number `i` of `uniforms.size`. */
export function eachElement(body: string): Code['body'] {
  return `for (var i = group.x * ${ELEMENT_THREADS} + localIndex; i < uniforms.size; i += groups.x * ${ELEMENT_THREADS}) { ${body} }`;
}

/** `isFinite(x)`, asked bit by bit: shaders may take it that nothing is NaN or infinite. */
export const IS_FINITE = 'fn isFinite(x : f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }';
