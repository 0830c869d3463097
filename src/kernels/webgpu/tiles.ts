import type { Code } from './dispatch.ts';

/** Rows and units of a tile: a workgroup has a thread for each pair of them, as many as every device allows. */
export const TILE = 16;

/** A product of matrices of which each workgroup works out a tile: as many sums a thread as there are gates. */
export interface TiledProduct {
  /** Makes the names of its variables its own, where a program has several. */
  readonly name: string;
  readonly units: number;
  readonly gates: number;
  /** Numbers that are summed over. */
  readonly inner: number;
  /** What of the left matrix stands at `row` and `k`. */
  readonly left: string;
  /** What of the right matrix stands at `k` and `u` for a gate. */
  right(gate: number): string;
}

/** Threads of a workgroup, and workgroups that cover a batch. */
export function tilesOf(
  units: number,
  batch: number,
): { workgroupSize: [number, number]; workgroups: [number, number] } {
  return { workgroupSize: [TILE, TILE], workgroups: [Math.ceil(units / TILE), Math.ceil(batch / TILE)] };
}

/**
 * The product in WGSL: afterwards `NAME0`, `NAME1` ... hold the sums of each gate for `u` and `row`. All threads of a
 * workgroup must come by: it waits at barriers.
 */
export function tiledProduct({ name, units, gates, inner, left, right }: TiledProduct): Code {
  const each = (line: (gate: number) => string) => Array.from({ length: gates }, (_, gate) => line(gate)).join(' ');
  const [tile, here] = [TILE * TILE, `local.y * ${TILE} + local.x`];
  return {
    declarations: `
      var<workgroup> ${name}Left : array<f32, ${tile}>;
      var<workgroup> ${name}Right : array<f32, ${gates * tile}>;`,
    body: `
      ${each((gate) => `var ${name}${gate} = 0.0;`)}
      for (var start = 0; start < ${inner}; start += ${TILE}) {
        {
          let k = start + local.x;
          var value = 0.0;
          if (row < uniforms.batch && k < ${inner}) { value = ${left}; }
          ${name}Left[${here}] = value;
        }
        {
          let k = start + local.y;
          let inside = u < ${units} && k < ${inner};
          ${each((gate) => `if (inside) { ${name}Right[${gate * tile} + ${here}] = ${right(gate)}; } else { ${name}Right[${gate * tile} + ${here}] = 0.0; }`)}
        }
        workgroupBarrier();
        for (var k = 0; k < ${TILE}; k++) {
          let value = ${name}Left[local.y * ${TILE} + k];
          ${each((gate) => `${name}${gate} += value * ${name}Right[${gate * tile} + k * ${TILE} + local.x];`)}
        }
        workgroupBarrier();
      }`,
  };
}
