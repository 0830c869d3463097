import type { Column } from '../../../src/catalog/columns.ts';
import { improvements } from '../../../src/catalog/study/bestSoFar.ts';
import { resultOf } from '../../../src/catalog/study/importance.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { type FieldAxis, fieldAxis, placeOn, textOf } from './fieldAxis.ts';
import { areaWithin, boxBetween, distance, type Box, type Place, REACH, type RunScene, type Size } from './runScene.ts';

export const MARGINS = { left: 74, right: 12, top: 20, bottom: 34 };

/** A run on the plot, with its place on both axes from 0 to 1. */
export interface Dot {
  readonly row: RunRow;
  readonly x: number;
  readonly y: number;
}

/** Scatter plot of two columns: a dot for each run that has a value in both. */
export class ScatterScene implements RunScene {
  readonly order: readonly string[];
  /** Number of runs without a value in one of the columns. */
  readonly missing: number;
  protected readonly x: FieldAxis;
  protected readonly y: FieldAxis;
  protected readonly dots: readonly Dot[];
  protected readonly byId: ReadonlyMap<string, Dot>;

  constructor(rows: readonly RunRow[], x: Column, y: Column) {
    this.x = fieldAxis(x, rows);
    this.y = fieldAxis(y, rows);
    this.dots = rows
      .flatMap((row): Dot[] => {
        const [atX, atY] = [placeOn(this.x, row), placeOn(this.y, row)];
        return atX === null || atY === null ? [] : [{ row, x: atX, y: atY }];
      })
      .sort((a, b) => a.x - b.x || a.y - b.y);
    this.missing = rows.length - this.dots.length;
    this.order = this.dots.map(({ row }) => row.id);
    this.byId = new Map(this.dots.map((dot) => [dot.row.id, dot]));
  }

  runAt(place: Place, size: Size): string | null {
    let nearest: string | null = null;
    let reach = REACH;
    for (const dot of this.dots) {
      const away = distance(placed(dot, size), place);
      if (away <= reach) [nearest, reach] = [dot.row.id, away];
    }
    return nearest;
  }

  placeOf(id: string, size: Size): Place | null {
    const dot = this.byId.get(id);
    return dot ? placed(dot, size) : null;
  }

  dragged(from: Place, to: Place): Box {
    return boxBetween(from, to);
  }

  /** Ids of the runs whose dots are within a rectangle. */
  runsWithin({ left, right, top, bottom }: Box, size: Size): string[] {
    return this.dots.flatMap((dot) => {
      const { x, y } = placed(dot, size);
      return x >= left && x <= right && y >= top && y <= bottom ? [dot.row.id] : [];
    });
  }

  /** The dots that are better in y than all dots before them in x; none if no values of y are better than others. */
  protected get best(): readonly Dot[] {
    const { direction } = this.y.column;
    if (direction === null) return [];
    const values = this.dots.map(({ row }) => resultOf(row, this.y.column));
    return improvements(values, direction).flatMap((i) => this.dots[i] ?? []);
  }

  describe(id: string): readonly string[] {
    const row = this.byId.get(id)?.row;
    if (!row) return [];
    const lines = [this.x, this.y].map(({ column }) => `${column.label()}: ${textOf(column, row)}`);
    return [String(row.values.name ?? id), ...lines];
  }
}

export function areaOf(size: Size): Box {
  return areaWithin(size, MARGINS);
}

export function placed({ x, y }: Dot, size: Size): Place {
  const { left, right, top, bottom } = areaOf(size);
  return { x: left + x * (right - left), y: bottom - y * (bottom - top) };
}
