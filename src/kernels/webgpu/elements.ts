import type { Code, Work } from './dispatch.ts';

/** What programs are made of that work on each number by itself. */

const THREADS = 256;
/** Beyond so many workgroups, a thread takes several numbers. */
const MOST_GROUPS = 4096;

/** Threads and workgroups for so many numbers. */
export function elementsOf(count: number): Pick<Work<string>, 'workgroupSize' | 'workgroups'> {
  return { workgroupSize: [THREADS, 1], workgroups: [Math.min(MOST_GROUPS, Math.ceil(count / THREADS)), 1] };
}

/** The same body for each number `i` of `uniforms.size`. */
export function eachElement(body: string): Code['body'] {
  return `for (var i = group.x * ${THREADS} + localIndex; i < uniforms.size; i += groups.x * ${THREADS}) { ${body} }`;
}

/** `isFinite(x)`, asked bit by bit: shaders may take it that nothing is NaN or infinite. */
export const IS_FINITE = 'fn isFinite(x : f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }';
