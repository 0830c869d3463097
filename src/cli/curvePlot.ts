/** Number of rows and columns of the drawing area. */
const [ROWS, COLUMNS] = [16, 64];

/** A curve with the letter that draws it. */
export interface LetteredCurve {
  readonly letter: string;
  /** Points (x, y) in the order of x. */
  readonly points: readonly (readonly [number, number])[];
}

/** Quantity on the x axis. */
interface XAxis {
  readonly name: string;
  readonly format: (x: number) => string;
}

const STEPS: XAxis = { name: 'step', format: String };

/**
 * Text plot of several curves over the same steps. Where curves meet, it has a `*`. Points that are not finite
 * are left out.
 */
export function curvePlot(curves: readonly LetteredCurve[], yName: string, x: XAxis = STEPS): string {
  const finite = curves.map(({ letter, points }) => ({
    letter,
    points: points.filter((each) => each.every(Number.isFinite)),
  }));
  const all = finite.flatMap(({ points }) => points);
  if (all.length === 0) return '  (no value to plot)';
  const [left, right] = boundsOf(all.map(([x]) => x));
  const [bottom, top] = boundsOf(all.map(([, y]) => y));
  const cells = Array.from({ length: ROWS }, () => Array<string>(COLUMNS).fill(' '));
  for (const { letter, points } of finite) {
    for (const [column, y] of columnsOf(points, left, right)) {
      const row = cells[placeIn(top, bottom, y, ROWS)];
      if (row) row[column] = row[column] === ' ' || row[column] === letter ? letter : '*';
    }
  }
  const label = (row: number) => (row === 0 ? short(top) : row === ROWS - 1 ? short(bottom) : '');
  const lines = cells.map((row, place) => `${label(place).padStart(9)} |${row.join('')}`.trimEnd());
  const axis = `${' '.repeat(10)}+${'-'.repeat(COLUMNS)}`;
  const [first, last] = [x.format(left), x.format(right)];
  const ends = `${x.name.padStart(9)}  ${first}${last.padStart(COLUMNS - first.length)}`;
  return [`${yName}:`, ...lines, axis, ends].join('\n');
}

/** The height of a curve in each column from its first to its last point: the mean of the points, or on the line between. */
function columnsOf(points: readonly (readonly [number, number])[], left: number, right: number): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [x, y] of points) {
    const column = placeIn(left, right, x, COLUMNS);
    const { sum, count } = sums.get(column) ?? { sum: 0, count: 0 };
    sums.set(column, { sum: sum + y, count: count + 1 });
  }
  const known = [...sums].map(([column, { sum, count }]) => [column, sum / count] as const);
  const heights = new Map<number, number>();
  for (const [place, [column, y]] of known.entries()) {
    const [next, nextY] = known[place + 1] ?? [column, y];
    heights.set(column, y);
    for (let between = column + 1; between < next; between++) {
      heights.set(between, y + ((nextY - y) * (between - column)) / (next - column));
    }
  }
  return heights;
}

function placeIn(from: number, to: number, value: number, places: number): number {
  return from === to ? 0 : Math.round(((value - from) / (to - from)) * (places - 1));
}

function boundsOf(values: readonly number[]): readonly [number, number] {
  return values.reduce<readonly [number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
