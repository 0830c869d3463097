import { type Dialect, dialects, type Instructions } from './dialects.ts';

/**
 * Generates the AssemblyScript of the micro-kernels: C += A B for a tile of a few rows by one panel of B. A tile is
 * kept in registers, so each size needs separate straight-line code, unrolled by four steps of the depth. Generating
 * these hundreds of regular lines is simpler than writing them.
 *
 * All tiles add to C, and access it in one basic block, because V8 only fuses neighboring vectors in that form.
 */

/**
 * Rows of the tallest tile. 6 rows by 16 columns in 256-bit registers, or by 8 columns in 128-bit ones, leave registers
 * for the operands.
 */
const MAX_ROWS = 6;
/** Columns of a panel, as in pack.ts. */
const PANEL = 16;
const UNROLL = 4;

const PARAMETERS = 'a: usize, lda: usize, b: usize, c: usize, ldc: usize, depth: i32';

/**
 * Returns the source of the kernels' module `tiles`: `tile` for two vectors of columns, `tileWide` for a full panel,
 * and `tileNarrow` for one vector of remaining columns (65 characters are four panels and one column), each for every
 * number of rows.
 */
export function tileSource(instructions: Instructions): string {
  const dialect = dialects[instructions];
  const columns = 2 * dialect.lanes;
  const heights = range(1, MAX_ROWS + 1);
  // More vectors than 128-bit registers can hold: only faster if V8 fuses them.
  const wideColumns = instructions === 'scalar' ? columns : PANEL;
  return [
    `export const MAX_ROWS: i32 = ${MAX_ROWS};`,
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
  const cases = range(1, MAX_ROWS).map(
    (rows) => `if (rows === ${rows}) tile${rows}x${columns}(a, lda, b, c, ldc, depth); else`,
  );
  return `export function ${name}(rows: i32, ${PARAMETERS}): void {
${cases.reverse().join('\n')}
tile${MAX_ROWS}x${columns}(a, lda, b, c, ldc, depth);
}`;
}

function tileFunction(
  { lanes, load, loadSplat, store, zero, add, madd }: Dialect,
  rows: number,
  columns: number,
): string {
  const bytes = 4 * lanes;
  const vectors = range(0, columns / lanes);
  const all = range(0, rows);
  // A tile of one or two rows has too few sums to fill the pipeline, so it splits each over alternating steps.
  const sets = range(0, rows === 1 ? 4 : rows === 2 ? 2 : 1);
  const sum = (set: number, row: number, vector: number) => `sum${set}_${row}_${vector}`;
  const tile = (line: (row: number, vector: number) => string) =>
    all.flatMap((row) => vectors.map((vector) => line(row, vector)));

  const step = (unrolled: number) => [
    ...vectors.map((v) => `const b${unrolled}_${v} = ${load('b', unrolled * PANEL * 4 + v * bytes)};`),
    ...all.flatMap((row) => [
      `const a${unrolled}_${row} = ${loadSplat(`row${row}`, unrolled * 4)};`,
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
    // From the last vector to the first, as in lockstep.ts.
    ...tile((row, v) => `${store(`c${row}`, sets.map((set) => sum(set, row, v)).reduce(add), v * bytes)};`).reverse(),
    '}',
  ].join('\n');
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
