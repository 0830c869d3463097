import type { Column } from '../../../src/catalog/columns.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import type { Pen } from '../../charts/pen.ts';
import type { Theme } from '../../charts/theme.ts';
import { fieldTicks } from './fieldAxis.ts';
import { colorOf, cutText, type RunDrawing, UNSELECTED, useLabels } from './runDrawing.ts';
import type { Place, Size } from './runScene.ts';
import { areaOf, type Dot, MARGINS, placed, ScatterScene } from './scatterScene.ts';

const RADIUS = 4.5;
/** Pixels between two labels of an axis. */
const SPACING = { x: 90, y: 40 };

/** Drawn scatter plot of two columns: a dot for each run that has a value in both. */
export class ScatterDrawing extends ScatterScene implements RunDrawing {
  /** Whether a line follows the best run so far. */
  readonly #hasBest: boolean;

  constructor(rows: readonly RunRow[], x: Column, y: Column, hasBest: boolean) {
    super(rows, x, y);
    this.#hasBest = hasBest;
  }

  draw(ctx: Pen, size: Size, theme: Theme, selected: ReadonlySet<string>): void {
    this.#drawAxes(ctx, size, theme);
    if (this.#hasBest) this.#drawBest(ctx, size, theme);
    const isSelected = ({ row }: Dot) => selected.has(row.id);
    const some = this.dots.some(isSelected);
    ctx.globalAlpha = some ? UNSELECTED : 0.85;
    for (const dot of this.dots) if (!isSelected(dot)) fillDot(ctx, placed(dot, size), colorOf(dot.row, theme));
    ctx.globalAlpha = 1;
    for (const dot of this.dots.filter(isSelected)) {
      fillDot(ctx, placed(dot, size), colorOf(dot.row, theme));
      ringDot(ctx, placed(dot, size), RADIUS + 2, theme.foreground);
    }
  }

  mark(ctx: Pen, size: Size, theme: Theme, id: string): void {
    const dot = this.byId.get(id);
    if (!dot) return;
    fillDot(ctx, placed(dot, size), colorOf(dot.row, theme));
    ctx.lineWidth = 2;
    ringDot(ctx, placed(dot, size), RADIUS + 4, theme.foreground);
    ctx.lineWidth = 1;
  }

  /** Steps from each best run to the next one. */
  #drawBest(ctx: Pen, size: Size, theme: Theme): void {
    ctx.strokeStyle = theme.foreground;
    const { right } = areaOf(size);
    const places = this.best.map((dot) => placed(dot, size));
    places.forEach(({ x, y }, i) => {
      const next = places[i + 1];
      line(ctx, x, y, next?.x ?? right, y);
      if (next) line(ctx, next.x, y, next.x, next.y);
    });
  }

  #drawAxes(ctx: Pen, size: Size, theme: Theme): void {
    const { left, right, top, bottom } = areaOf(size);
    useLabels(ctx, theme);
    ctx.strokeStyle = theme.grid;
    ctx.textAlign = 'center';
    for (const { at, label } of fieldTicks(this.x, (right - left) / SPACING.x)) {
      const x = left + at * (right - left);
      line(ctx, x, top, x, bottom);
      ctx.fillText(
        cutText(ctx, label, SPACING.x - 6),
        Math.min(x, right - ctx.measureText(label).width / 2),
        bottom + 10,
      );
    }
    ctx.textAlign = 'right';
    for (const { at, label } of fieldTicks(this.y, (bottom - top) / SPACING.y)) {
      const y = bottom - at * (bottom - top);
      line(ctx, left, y, right, y);
      ctx.fillText(cutText(ctx, label, MARGINS.left - 10), left - 6, y);
    }
    ctx.fillText(this.x.column.label(), right, bottom + 26);
    ctx.textAlign = 'left';
    ctx.fillText(cutText(ctx, this.y.column.label(), size.width), 4, 8);
  }
}

function line(ctx: Pen, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function fillDot(ctx: Pen, { x, y }: Place, color: string): void {
  ctx.beginPath();
  ctx.arc(x, y, RADIUS, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}

function ringDot(ctx: Pen, { x, y }: Place, radius: number, color: string): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.strokeStyle = color;
  ctx.stroke();
}
