import type { Code } from './dispatch.ts';

/** Rows and units per tile. A workgroup has one thread for each pair, 256 in all, which every device supports. */
export const TILE = 16;

/** Matrix product in tiles of one workgroup; each thread computes one sum per gate. */
export interface TiledProduct {
  /** Prefix of its variables, unique within a program. */
  readonly name: string;
  readonly units: number;
  readonly gates: number;
  /** Length of the sums. */
  readonly inner: number;
  /** Expression for the left matrix at `row` and `k`. */
  readonly left: string;
  /** Expression for the right matrix at `k` and `u` for a gate. */
  right(gate: number): string;
}

/** Workgroup size and number of workgroups for a batch. */
export function tilesOf(
  units: number,
  batch: number,
): { workgroupSize: [number, number]; workgroups: [number, number] } {
  return { workgroupSize: [TILE, TILE], workgroups: [Math.ceil(units / TILE), Math.ceil(batch / TILE)] };
}

/**
 * WGSL of the product. Afterwards `NAME0`, `NAME1`, ... hold the sums of the gates for `u` and `row`. All threads of a
 * workgroup must execute it, because it has barriers.
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
