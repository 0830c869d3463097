import type { Column } from '../../../src/catalog/columns.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import type { Theme } from '../../charts/theme.ts';
import { type FieldAxis, fieldAxis, fieldTicks, placeOn, textOf } from './fieldAxis.ts';
import {
  type Box,
  colorOf,
  cutText,
  distance,
  type Place,
  REACH,
  type RunDrawing,
  type Size,
  UNSELECTED,
  useLabels,
} from './runDrawing.ts';

const MARGINS = { left: 74, right: 12, top: 20, bottom: 34 };
const RADIUS = 4.5;
/** Pixels between two labels of an axis. */
const SPACING = { x: 90, y: 40 };

/** A run on the plot, with its place on both axes from 0 to 1. */
interface Dot {
  readonly row: RunRow;
  readonly x: number;
  readonly y: number;
}

/** Scatter plot of two columns: a dot for each run that has a value in both. */
export class ScatterDrawing implements RunDrawing {
  readonly order: readonly string[];
  /** Number of runs without a value in one of the columns. */
  readonly missing: number;
  readonly #x: FieldAxis;
  readonly #y: FieldAxis;
  readonly #dots: readonly Dot[];
  readonly #byId: ReadonlyMap<string, Dot>;

  constructor(rows: readonly RunRow[], x: Column, y: Column) {
    this.#x = fieldAxis(x, rows);
    this.#y = fieldAxis(y, rows);
    this.#dots = rows
      .flatMap((row): Dot[] => {
        const [atX, atY] = [placeOn(this.#x, row), placeOn(this.#y, row)];
        return atX === null || atY === null ? [] : [{ row, x: atX, y: atY }];
      })
      .sort((a, b) => a.x - b.x || a.y - b.y);
    this.missing = rows.length - this.#dots.length;
    this.order = this.#dots.map(({ row }) => row.id);
    this.#byId = new Map(this.#dots.map((dot) => [dot.row.id, dot]));
  }

  draw(ctx: CanvasRenderingContext2D, size: Size, theme: Theme, selected: ReadonlySet<string>): void {
    this.#drawAxes(ctx, size, theme);
    const isSelected = ({ row }: Dot) => selected.has(row.id);
    const some = this.#dots.some(isSelected);
    ctx.globalAlpha = some ? UNSELECTED : 0.85;
    for (const dot of this.#dots) if (!isSelected(dot)) fillDot(ctx, placed(dot, size), colorOf(dot.row, theme));
    ctx.globalAlpha = 1;
    for (const dot of this.#dots.filter(isSelected)) {
      fillDot(ctx, placed(dot, size), colorOf(dot.row, theme));
      ringDot(ctx, placed(dot, size), RADIUS + 2, theme.foreground);
    }
  }

  mark(ctx: CanvasRenderingContext2D, size: Size, theme: Theme, id: string): void {
    const dot = this.#byId.get(id);
    if (!dot) return;
    fillDot(ctx, placed(dot, size), colorOf(dot.row, theme));
    ctx.lineWidth = 2;
    ringDot(ctx, placed(dot, size), RADIUS + 4, theme.foreground);
    ctx.lineWidth = 1;
  }

  runAt(place: Place, size: Size): string | null {
    let nearest: string | null = null;
    let reach = REACH;
    for (const dot of this.#dots) {
      const away = distance(placed(dot, size), place);
      if (away <= reach) [nearest, reach] = [dot.row.id, away];
    }
    return nearest;
  }

  placeOf(id: string, size: Size): Place | null {
    const dot = this.#byId.get(id);
    return dot ? placed(dot, size) : null;
  }

  dragged(from: Place, to: Place): Box {
    return {
      left: Math.min(from.x, to.x),
      right: Math.max(from.x, to.x),
      top: Math.min(from.y, to.y),
      bottom: Math.max(from.y, to.y),
    };
  }

  /** Ids of the runs whose dots are within a rectangle. */
  runsWithin({ left, right, top, bottom }: Box, size: Size): string[] {
    return this.#dots.flatMap((dot) => {
      const { x, y } = placed(dot, size);
      return x >= left && x <= right && y >= top && y <= bottom ? [dot.row.id] : [];
    });
  }

  describe(id: string): readonly string[] {
    const row = this.#byId.get(id)?.row;
    if (!row) return [];
    const lines = [this.#x, this.#y].map(({ column }) => `${column.label()}: ${textOf(column, row)}`);
    return [String(row.values.name ?? id), ...lines];
  }

  #drawAxes(ctx: CanvasRenderingContext2D, size: Size, theme: Theme): void {
    const { left, right, top, bottom } = areaOf(size);
    useLabels(ctx, theme);
    ctx.strokeStyle = theme.grid;
    ctx.textAlign = 'center';
    for (const { at, label } of fieldTicks(this.#x, (right - left) / SPACING.x)) {
      const x = left + at * (right - left);
      line(ctx, x, top, x, bottom);
      ctx.fillText(
        cutText(ctx, label, SPACING.x - 6),
        Math.min(x, right - ctx.measureText(label).width / 2),
        bottom + 10,
      );
    }
    ctx.textAlign = 'right';
    for (const { at, label } of fieldTicks(this.#y, (bottom - top) / SPACING.y)) {
      const y = bottom - at * (bottom - top);
      line(ctx, left, y, right, y);
      ctx.fillText(cutText(ctx, label, MARGINS.left - 10), left - 6, y);
    }
    ctx.fillText(this.#x.column.label(), right, bottom + 26);
    ctx.textAlign = 'left';
    ctx.fillText(cutText(ctx, this.#y.column.label(), size.width), 4, 8);
  }
}

function areaOf({ width, height }: Size): Box {
  return {
    left: MARGINS.left,
    right: Math.max(MARGINS.left + 1, width - MARGINS.right),
    top: MARGINS.top,
    bottom: Math.max(MARGINS.top + 1, height - MARGINS.bottom),
  };
}

function placed({ x, y }: Dot, size: Size): Place {
  const { left, right, top, bottom } = areaOf(size);
  return { x: left + x * (right - left), y: bottom - y * (bottom - top) };
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function fillDot(ctx: CanvasRenderingContext2D, { x, y }: Place, color: string): void {
  ctx.beginPath();
  ctx.arc(x, y, RADIUS, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}

function ringDot(ctx: CanvasRenderingContext2D, { x, y }: Place, radius: number, color: string): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.strokeStyle = color;
  ctx.stroke();
}
