import type { Column } from '../../../src/catalog/columns.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import type { Range } from '../../charts/scale.ts';
import { type FieldAxis, fieldAxis, placeOn, textOf } from './fieldAxis.ts';
import { areaWithin, type Box, distanceToLine, type Place, REACH, type RunScene, type Size } from './runScene.ts';

export const MARGINS = { left: 30, right: 74, top: 34, bottom: 26 };
/** Distance of the place of missing values below an axis, in pixels. */
const MISSING = 14;
/** Width of the marked part of an axis in pixels. */
export const BRUSH = 14;

/** Marked parts of axes, from 0 to 1, by the keys of their columns. */
export type Brushes = ReadonlyMap<string, Range>;

export interface Line {
  readonly row: RunRow;
  /** Its place on each axis from 0 to 1; null without a value. */
  readonly at: readonly (number | null)[];
}

/** Parallel coordinates: an axis for each column, and a line for each run through its values. */
export class ParallelScene implements RunScene {
  readonly order: readonly string[];
  readonly axes: readonly FieldAxis[];
  protected readonly lines: readonly Line[];
  protected readonly byId: ReadonlyMap<string, Line>;
  readonly brushes: Brushes;

  constructor(rows: readonly RunRow[], columns: readonly Column[], brushes: Brushes) {
    this.axes = columns.map((column) => fieldAxis(column, rows));
    this.lines = rows.map((row) => ({ row, at: this.axes.map((axis) => placeOn(axis, row)) }));
    this.byId = new Map(this.lines.map((line) => [line.row.id, line]));
    this.order = rows.map(({ id }) => id);
    this.brushes = brushes;
  }

  runAt(place: Place, size: Size): string | null {
    let nearest: string | null = null;
    let reach = REACH;
    for (const line of this.lines) {
      const places = this.places(line, size);
      for (const [i, from] of places.entries()) {
        const away = distanceToLine(place, from, places[i + 1] ?? from);
        if (away < reach) [nearest, reach] = [line.row.id, away];
      }
    }
    return nearest;
  }

  placeOf(id: string, size: Size): Place | null {
    const line = this.byId.get(id);
    return (line && this.places(line, size)[0]) ?? null;
  }

  dragged(from: Place, to: Place, size: Size): Box {
    const x = this.xOf(this.#axisAt(from, size), size);
    const { top, bottom } = areaOf(size);
    const within = (y: number) => Math.min(bottom, Math.max(top, y));
    return {
      left: x - BRUSH / 2,
      right: x + BRUSH / 2,
      top: within(Math.min(from.y, to.y)),
      bottom: within(Math.max(from.y, to.y)),
    };
  }

  /** The brushes after a drag, which marks a part of the nearest axis in place of its marked part. */
  brushed(from: Place, to: Place, size: Size): Brushes {
    const axis = this.axes[this.#axisAt(from, size)];
    if (!axis) return this.brushes;
    const { top, bottom } = areaOf(size);
    const fraction = (y: number) => Math.min(1, Math.max(0, (bottom - y) / (bottom - top)));
    const [min = 0, max = 1] = [fraction(from.y), fraction(to.y)].sort((a, b) => a - b);
    return new Map([...this.brushes, [axis.column.key, { min, max }]]);
  }

  /** The brushes without that of the axis nearest to a place. */
  unbrushed(place: Place, size: Size): Brushes {
    const key = this.axes[this.#axisAt(place, size)]?.column.key;
    return new Map([...this.brushes].filter(([each]) => each !== key));
  }

  /** Ids of the runs within all marked parts. */
  get runsWithin(): string[] {
    const marked = this.axes.flatMap(({ column: { key } }, i) => {
      const range = this.brushes.get(key);
      return range ? [{ i, range }] : [];
    });
    if (marked.length === 0) return [];
    return this.lines.flatMap(({ row, at }) =>
      marked.every(({ i, range }) => isWithin(at[i] ?? null, range)) ? [row.id] : [],
    );
  }

  describe(id: string): readonly string[] {
    const row = this.byId.get(id)?.row;
    if (!row) return [];
    const lines = this.axes.flatMap(({ column }) => {
      const text = textOf(column, row);
      return text === '' ? [] : [`${column.label()}: ${text}`];
    });
    return [String(row.values.name ?? id), ...lines];
  }

  protected places({ at }: Line, size: Size): Place[] {
    const { top, bottom } = areaOf(size);
    return at.map((place, i) => ({
      x: this.xOf(i, size),
      y: place === null ? bottom + MISSING : bottom - place * (bottom - top),
    }));
  }

  protected gap(size: Size): number {
    const { left, right } = areaOf(size);
    return (right - left) / Math.max(1, this.axes.length - 1);
  }

  protected xOf(i: number, size: Size): number {
    return MARGINS.left + i * this.gap(size);
  }

  #axisAt({ x }: Place, size: Size): number {
    const i = Math.round((x - MARGINS.left) / this.gap(size));
    return Math.min(this.axes.length - 1, Math.max(0, i));
  }
}

function isWithin(at: number | null, { min, max }: Range): boolean {
  return at !== null && at >= min && at <= max;
}

export function areaOf(size: Size): Box {
  return areaWithin(size, MARGINS);
}
