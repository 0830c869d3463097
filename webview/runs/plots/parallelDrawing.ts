import type { Pen } from '../../charts/pen.ts';
import type { Theme } from '../../charts/theme.ts';
import { type FieldAxis, fieldTicks } from './fieldAxis.ts';
import { areaOf, BRUSH, type Line, MARGINS, ParallelScene } from './parallelScene.ts';
import { colorOf, cutText, type RunDrawing, UNSELECTED, useLabels } from './runDrawing.ts';
import type { Place, Size } from './runScene.ts';

const SPACING = 34;

/** Drawn parallel coordinates: an axis for each column, and a line for each run through its values. */
export class ParallelDrawing extends ParallelScene implements RunDrawing {
  draw(ctx: Pen, size: Size, theme: Theme, selected: ReadonlySet<string>): void {
    const isSelected = ({ row }: Line) => selected.has(row.id);
    const some = this.lines.some(isSelected);
    ctx.lineWidth = 1.25;
    ctx.globalAlpha = some ? UNSELECTED : 0.7;
    for (const line of this.lines)
      if (!isSelected(line)) strokeLine(ctx, this.places(line, size), colorOf(line.row, theme));
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2.25;
    for (const line of this.lines.filter(isSelected))
      strokeLine(ctx, this.places(line, size), colorOf(line.row, theme));
    ctx.lineWidth = 1;
    this.axes.forEach((axis, i) => this.#drawAxis(ctx, axis, i, size, theme));
  }

  mark(ctx: Pen, size: Size, theme: Theme, id: string): void {
    const line = this.byId.get(id);
    if (!line) return;
    const places = this.places(line, size);
    ctx.lineWidth = 5;
    strokeLine(ctx, places, theme.background);
    ctx.lineWidth = 3;
    strokeLine(ctx, places, colorOf(line.row, theme));
    ctx.lineWidth = 1;
  }

  #drawAxis(ctx: Pen, axis: FieldAxis, i: number, size: Size, theme: Theme): void {
    const { top, bottom } = areaOf(size);
    const x = this.xOf(i, size);
    const room = this.gap(size);
    ctx.strokeStyle = theme.muted;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    useLabels(ctx, theme);
    const last = i === this.axes.length - 1;
    const width = Math.max(20, (last ? MARGINS.right : room) - 12);
    ctx.textAlign = 'left';
    for (const { at, label } of fieldTicks(axis, (bottom - top) / SPACING)) {
      const y = bottom - at * (bottom - top);
      const text = cutText(ctx, label, width);
      ctx.globalAlpha = 0.75;
      ctx.fillStyle = theme.background;
      if (text !== '') ctx.fillRect(x + 4, y - 7, ctx.measureText(text).width + 4, 14);
      ctx.globalAlpha = 1;
      ctx.fillStyle = theme.muted;
      ctx.fillText(text, x + 6, y);
    }
    ctx.textAlign = last ? 'right' : i === 0 ? 'left' : 'center';
    ctx.fillStyle = theme.foreground;
    const titleX = last ? size.width - 2 : i === 0 ? 2 : x;
    ctx.fillText(cutText(ctx, axis.column.label(), Math.max(20, room - 8)), titleX, i % 2 === 0 || room > 90 ? 20 : 8);
    const range = this.brushes.get(axis.column.key);
    if (!range) return;
    ctx.globalAlpha = 0.3;
    const height = Math.max(2, (range.max - range.min) * (bottom - top));
    ctx.fillRect(x - BRUSH / 2, bottom - range.max * (bottom - top), BRUSH, height);
    ctx.globalAlpha = 1;
  }
}

function strokeLine(ctx: Pen, places: readonly Place[], color: string): void {
  ctx.strokeStyle = color;
  ctx.beginPath();
  for (const { x, y } of places) ctx.lineTo(x, y);
  ctx.stroke();
}
