import * as l10n from '@vscode/l10n';
import type { Column } from '../../../src/catalog/columns.ts';
import { formatSpread, type Spread, spreadOf } from '../../../src/catalog/groupRows.ts';
import { type Bin, binsOf } from '../../../src/catalog/study/binsOf.ts';
import { resultOf } from '../../../src/catalog/study/importance.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { textOf } from './fieldAxis.ts';
import { areaWithin, boxBetween, type Box, type Place, type RunScene, type Size } from './runScene.ts';

export const MARGINS = { left: 96, right: 12, top: 20, bottom: 34 };

/** Most rows and columns of the map: numbers with more values are divided into this many groups. */
const MOST_BINS = 12;

/** Runs that have the same values, or neighboring numbers, in both fields. */
export interface Cell {
  readonly column: number;
  readonly line: number;
  /** The run with the best result first. */
  readonly rows: readonly [RunRow, ...RunRow[]];
  readonly spread: Spread;
}

/** Heat map of two fields: in each cell the mean result of its runs. */
export class FieldMapScene implements RunScene {
  /** The best run of each cell. */
  readonly order: readonly string[];
  /** Number of runs without a value in one of the fields, or without a result. */
  readonly missing: number;
  protected readonly columns: readonly Bin[];
  protected readonly lines: readonly Bin[];
  protected readonly cells: readonly Cell[];
  protected readonly fields: { readonly x: Column; readonly y: Column; readonly result: Column };
  protected readonly byRun: ReadonlyMap<string, Cell>;

  /** @param result a numeric column */
  constructor(rows: readonly RunRow[], x: Column, y: Column, result: Column) {
    this.fields = { x, y, result };
    const isDrawn = (row: RunRow) =>
      resultOf(row, result) !== null && [x, y].every(({ key }) => (row.values[key] ?? null) !== null);
    const drawn = rows.filter(isDrawn);
    this.missing = rows.length - drawn.length;
    this.columns = binsOf(drawn, x, MOST_BINS);
    this.lines = binsOf(drawn, y, MOST_BINS);
    this.cells = this.#fill();
    this.order = this.cells.map(({ rows: [best] }) => best.id);
    this.byRun = new Map(this.cells.flatMap((cell) => cell.rows.map((row) => [row.id, cell] as const)));
  }

  runAt(place: Place, size: Size): string | null {
    const within = ({ left, right, top, bottom }: Box) =>
      place.x >= left && place.x < right && place.y >= top && place.y < bottom;
    return this.cells.find((cell) => within(this.boxOf(cell, size)))?.rows[0].id ?? null;
  }

  placeOf(id: string, size: Size): Place | null {
    const cell = this.byRun.get(id);
    if (!cell) return null;
    const { left, right, top, bottom } = this.boxOf(cell, size);
    return { x: (left + right) / 2, y: (top + bottom) / 2 };
  }

  dragged(from: Place, to: Place): Box {
    return boxBetween(from, to);
  }

  /** Ids of the runs of all cells that a rectangle touches. */
  runsWithin(box: Box, size: Size): string[] {
    const touches = (cell: Box) =>
      cell.left < box.right && cell.right > box.left && cell.top < box.bottom && cell.bottom > box.top;
    return this.cells.flatMap((cell) => (touches(this.boxOf(cell, size)) ? cell.rows.map(({ id }) => id) : []));
  }

  /** Ids of the runs in the cell of a run. */
  runsWith(id: string): string[] {
    return this.byRun.get(id)?.rows.map((row) => row.id) ?? [id];
  }

  describe(id: string): readonly string[] {
    const cell = this.byRun.get(id);
    if (!cell) return [];
    const { x, y, result } = this.fields;
    const [best] = cell.rows;
    const { count } = cell.spread;
    return [
      `${x.label()}: ${this.columns[cell.column]?.label ?? ''}`,
      `${y.label()}: ${this.lines[cell.line]?.label ?? ''}`,
      `${result.label()}: ${formatSpread(cell.spread, result, best)}`,
      ...(count > 1
        ? [l10n.t('{0} runs, the best: {1}', count, textOf(result, best))]
        : [String(best.values.name ?? id)]),
    ];
  }

  /** Box of a cell in pixels. The first line is at the bottom, as on a y axis. */
  protected boxOf({ column, line }: Pick<Cell, 'column' | 'line'>, size: Size): Box {
    const { left, right, top, bottom } = areaWithin(size, MARGINS);
    const width = (right - left) / Math.max(1, this.columns.length);
    const height = (bottom - top) / Math.max(1, this.lines.length);
    return {
      left: left + column * width,
      right: left + (column + 1) * width,
      top: bottom - (line + 1) * height,
      bottom: bottom - line * height,
    };
  }

  #fill(): Cell[] {
    const { result } = this.fields;
    const sign = result.direction === 'higher' ? -1 : 1;
    const lineOf = new Map(this.lines.flatMap(({ rows }, line) => rows.map((row) => [row.id, line] as const)));
    return this.columns.flatMap((bin, column) =>
      this.lines.flatMap((_, line): Cell[] => {
        const [best, ...others] = bin.rows
          .filter(({ id }) => lineOf.get(id) === line)
          .sort((a, b) => sign * ((resultOf(a, result) ?? 0) - (resultOf(b, result) ?? 0)));
        if (!best) return [];
        const spread = spreadOf([best, ...others], result.key);
        return spread ? [{ column, line, rows: [best, ...others], spread }] : [];
      }),
    );
  }
}

/**
 * Strength of the color of each cell, from 0 to 1 for the best mean. A diverged run would leave all others with one
 * color, so that means beyond Tukey's outer fence have the weakest color.
 */
export function strengths(cells: readonly Pick<Cell, 'spread'>[], direction: 'lower' | 'higher' | null): number[] {
  const sign = direction === 'lower' ? 1 : -1;
  const costs = cells.map(({ spread: { mean } }) => sign * mean);
  const sorted = [...costs].sort((a, b) => a - b);
  const at = (fraction: number) => sorted[Math.round(fraction * (sorted.length - 1))] ?? 0;
  const [best, worst] = [at(0), Math.min(at(1), at(0.75) + 3 * (at(0.75) - at(0.25)))];
  return costs.map((cost) => (worst > best ? Math.max(0, (worst - cost) / (worst - best)) : 1));
}
