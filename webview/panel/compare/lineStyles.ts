import type { ColorName } from '../../charts/spec.ts';

/** How the curves of one run are drawn, on every chart. */
export interface LineStyle {
  readonly color: ColorName;
  readonly dash: readonly number[];
}

const COLORS: readonly ColorName[] = ['blue', 'orange', 'purple', 'green', 'red', 'yellow'];
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/** Pairs of color and dash: runs are told apart without color too, by the dash alone where there are few. */
export const STYLES: readonly LineStyle[] = DASHES.flatMap((_, turn) =>
  COLORS.map((color, i) => ({ color, dash: DASHES[(i + turn) % DASHES.length] ?? [] })),
);

/**
 * A style for each run: those that had one keep it when others come or go, a new one takes the first that is free.
 * @param before what each run had
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
