import { build } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import type { State } from './recurrent.ts';

/** L2 norms over units of the gradient at each state, [parts of the state x timeSteps, batch], h first. */
export function normsOf(states: readonly State[]): Matrix {
  const parts = states[0]?.map((_, part) => states.map((state) => state[part]!)) ?? [];
  const steps = parts.flat();
  return build(steps.length, steps[0]?.rows ?? 0, (step, b) => {
    const { columns = 0, values } = steps[step] ?? {};
    return Math.hypot(...(values?.subarray(b * columns, (b + 1) * columns) ?? []));
  });
}
