import { type Dialect, dialects, type Instructions } from './dialects.ts';

/**
 * Writes the AssemblyScript of the micro-kernels: C += A B for a tile of a few rows by one panel of B. A tile
 * lives in registers, so each size is straight-line code of its own, unrolled four steps down the depth. That
 * is hundreds of regular lines, which a loop writes better than a hand.
 *
 * All tiles add to what C holds, and touch it in one basic block: only then does V8 fuse neighboring vectors.
 */

/**
 * Rows of the tallest tile. 6 rows by 16 columns in 256-bit registers, or by 8 in 128-bit ones, leave room for the
 * operands.
 */
const MOST_ROWS = 6;
/** Columns of a panel, as in pack.ts. */
const PANEL = 16;
const UNROLL = 4;

const PARAMETERS = 'a: usize, lda: usize, b: usize, c: usize, ldc: usize, depth: i32';

/**
 * The module `tiles`: `tile` for the columns of two vectors, `tileWide` for a whole panel, `tileNarrow` for those of
 * one vector, where no more are left (65 characters fill four panels and one column), each by the number of rows.
 */
export function tileSource(instructions: Instructions): string {
  const dialect = dialects[instructions];
  const columns = 2 * dialect.lanes;
  const heights = range(1, MOST_ROWS + 1);
  // Twice as many vectors as registers of 128 bits can hold: only worth it where V8 fuses them.
  const wideColumns = instructions === 'scalar' ? columns : PANEL;
  return [
    `export const MOST_ROWS: i32 = ${MOST_ROWS};`,
    `export const TILE_COLUMNS: usize = ${columns};`,
    `export const NARROW_COLUMNS: usize = ${dialect.lanes};`,
    ...heights.map((rows) => tileFunction(dialect, rows, columns)),
    dispatch('tile', columns),
    ...(wideColumns === columns ? [] : heights.map((rows) => tileFunction(dialect, rows, wideColumns))),
    dispatch('tileWide', wideColumns),
    ...heights.map((rows) => tileFunction(dialect, rows, dialect.lanes)),
    dispatch('tileNarrow', dialect.lanes),
  ].join('\n');
}

function dispatch(name: string, columns: number): string {
  const cases = range(1, MOST_ROWS).map(
    (rows) => `if (rows === ${rows}) tile${rows}x${columns}(a, lda, b, c, ldc, depth); else`,
  );
  return `export function ${name}(rows: i32, ${PARAMETERS}): void {
${cases.reverse().join('\n')}
tile${MOST_ROWS}x${columns}(a, lda, b, c, ldc, depth);
}`;
}

function tileFunction(
  { lanes, load, everyLane, store, zero, add, madd }: Dialect,
  rows: number,
  columns: number,
): string {
  const bytes = 4 * lanes;
  const vectors = range(0, columns / lanes);
  const all = range(0, rows);
  // A low tile has too few sums to fill the pipeline: it keeps several of each, for every other step of the depth.
  const sets = range(0, rows === 1 ? 4 : rows === 2 ? 2 : 1);
  const sum = (set: number, row: number, vector: number) => `sum${set}_${row}_${vector}`;
  const tile = (line: (row: number, vector: number) => string) =>
    all.flatMap((row) => vectors.map((vector) => line(row, vector)));

  const step = (unrolled: number) => [
    ...vectors.map((v) => `const b${unrolled}_${v} = ${load('b', unrolled * PANEL * 4 + v * bytes)};`),
    ...all.flatMap((row) => [
      `const a${unrolled}_${row} = ${everyLane(`row${row}`, unrolled * 4)};`,
      ...vectors.map((v) => {
        const target = sum(unrolled % sets.length, row, v);
        return `${target} = ${madd(`a${unrolled}_${row}`, `b${unrolled}_${v}`, target)};`;
      }),
    ]),
  ];
  const advance = (steps: number) => [...all.map((row) => `row${row} += ${4 * steps};`), `b += ${steps * PANEL * 4};`];

  return [
    `function tile${rows}x${columns}(${PARAMETERS}): void {`,
    ...all.map((row) => `let row${row} = a + ${row} * lda;`),
    ...all.map((row) => `const c${row} = c + ${row} * ldc;`),
    ...sets.flatMap((set) =>
      tile((row, v) => `let ${sum(set, row, v)} = ${set === 0 ? load(`c${row}`, v * bytes) : zero};`),
    ),
    'let k = depth;',
    `for (; k >= ${UNROLL}; k -= ${UNROLL}) {`,
    ...range(0, UNROLL).flatMap(step),
    ...advance(UNROLL),
    '}',
    'for (; k > 0; k--) {',
    ...step(0),
    ...advance(1),
    '}',
    ...tile((row, v) => `${store(`c${row}`, sets.map((set) => sum(set, row, v)).reduce(add), v * bytes)};`),
    '}',
  ].join('\n');
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
