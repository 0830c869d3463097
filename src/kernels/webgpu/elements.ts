import type { Code, Work } from './dispatch.ts';

/** Building blocks of elementwise programs. */

const THREADS = 256;
/** Maximum number of workgroups of an elementwise program; for more elements, each thread handles several. */
const MAX_GROUPS = 4096;

/** Workgroup size and number of workgroups for `count` elements. */
export function elementsOf(count: number): Pick<Work<string>, 'workgroupSize' | 'workgroups'> {
  return { workgroupSize: [THREADS, 1], workgroups: [Math.min(MAX_GROUPS, Math.ceil(count / THREADS)), 1] };
}

/** Runs the body for each element `i` of `uniforms.size`. */
export function eachElement(body: string): Code['body'] {
  return `for (var i = group.x * ${THREADS} + localIndex; i < uniforms.size; i += groups.x * ${THREADS}) { ${body} }`;
}

/** `isFinite(x)` on the bit pattern: shader compilers may assume that no value is NaN or infinite. */
export const IS_FINITE = 'fn isFinite(x : f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }';
