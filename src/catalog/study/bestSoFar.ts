import type { Column } from '../columns.ts';

/**
 * Places of the values that are better than all before them.
 * @param values in their order; null and values that are not finite are never better
 */
export function improvements(
  values: readonly (number | null)[],
  direction: NonNullable<Column['direction']>,
): number[] {
  const sign = direction === 'lower' ? 1 : -1;
  let best = Infinity;
  return values.flatMap((value, i) => {
    const cost = value === null ? NaN : sign * value;
    if (!(Number.isFinite(cost) && cost < best)) return [];
    best = cost;
    return [i];
  });
}
