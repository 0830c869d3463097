import type { RunColor } from '../../../src/protocol/runColor.ts';
import type { ColorName, LineColor } from '../../charts/spec.ts';

/** Style of a run's curves on every chart. */
export interface LineStyle {
  readonly color: LineColor;
  readonly dash: readonly number[];
}

const COLORS: readonly ColorName[] = ['blue', 'orange', 'purple', 'green', 'red', 'yellow'];
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/** Dashes of runs whose color four others have. */
const MORE_DASHES: readonly (readonly number[])[] = [
  [4, 4],
  [14, 4],
  [8, 3, 2, 3, 2, 3],
  [2, 7],
];

/** Pairs of color and dash. The first four differ in their dash, so that few runs are distinct without color. */
const STYLES: readonly LineStyle[] = DASHES.flatMap((_, shift) =>
  COLORS.map((color, i) => ({ color, dash: DASHES[(i + shift) % DASHES.length] ?? [] })),
);

/**
 * Assigns a style to each run. Runs keep their style while others are added and removed; a new run gets the first free
 * one. A run that has a color keeps it, with the dash that the fewest others have, those of the same color first.
 * @param before styles assigned so far
 */
export function assignStyles(
  before: ReadonlyMap<string, LineStyle>,
  runs: readonly string[],
  colors: ReadonlyMap<string, RunColor> = new Map(),
): ReadonlyMap<string, LineStyle> {
  const kept = runs.flatMap((run) => {
    const style = before.get(run);
    return style && (colors.get(run) ?? style.color) === style.color ? [[run, style] as const] : [];
  });
  const styles = new Map(kept);
  const taken = new Set(styles.values());
  runs.forEach((run, i) => {
    if (styles.has(run)) return;
    const color = colors.get(run);
    const style =
      color === undefined
        ? (STYLES.find((each) => !taken.has(each)) ?? STYLES[i % STYLES.length])
        : { color, dash: rarestDash(color, [...taken]) };
    if (!style) return;
    taken.add(style);
    styles.set(run, style);
  });
  return styles;
}

/**
 * The dash that the fewest curves of a color have; among those, one of the first four; among those, the one that the
 * fewest curves of all colors have.
 */
function rarestDash(color: RunColor, taken: readonly LineStyle[]): readonly number[] {
  const most = taken.length + 1;
  const uses = (dash: readonly number[]) => {
    const same = taken.filter((each) => each.dash === dash);
    const ofColor = same.filter((each) => each.color === color).length;
    return (2 * ofColor + Number(MORE_DASHES.includes(dash))) * most + same.length;
  };
  return [...DASHES, ...MORE_DASHES].reduce((rarest, dash) => (uses(dash) < uses(rarest) ? dash : rarest));
}
