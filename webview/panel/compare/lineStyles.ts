import type { ColorName } from '../../charts/spec.ts';

/** Style of a run's curves on every chart. */
export interface LineStyle {
  readonly color: ColorName;
  readonly dash: readonly number[];
}

const COLORS: readonly ColorName[] = ['blue', 'orange', 'purple', 'green', 'red', 'yellow'];
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/** Pairs of color and dash. The first four differ in their dash, so that few runs are distinct without color. */
const STYLES: readonly LineStyle[] = DASHES.flatMap((_, shift) =>
  COLORS.map((color, i) => ({ color, dash: DASHES[(i + shift) % DASHES.length] ?? [] })),
);

/**
 * Assigns a style to each run. Runs keep their style while others are added and removed; a new run gets the first free
 * one.
 * @param before styles assigned so far
 */
export function assignStyles(
  before: ReadonlyMap<string, LineStyle>,
  runs: readonly string[],
): ReadonlyMap<string, LineStyle> {
  const kept = runs.flatMap((run) => {
    const style = before.get(run);
    return style ? [[run, style] as const] : [];
  });
  const styles = new Map(kept);
  const taken = new Set(styles.values());
  runs.forEach((run, i) => {
    if (styles.has(run)) return;
    const style = STYLES.find((each) => !taken.has(each)) ?? STYLES[i % STYLES.length];
    if (!style) return;
    taken.add(style);
    styles.set(run, style);
  });
  return styles;
}
