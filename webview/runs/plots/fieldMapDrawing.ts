import { formatSpread } from '../../../src/catalog/groupRows.ts';
import { colorMap, textOn } from '../../charts/colorMap.ts';
import type { Pen } from '../../charts/pen.ts';
import type { Theme } from '../../charts/theme.ts';
import { type Cell, FieldMapScene, MARGINS, strengths } from './fieldMapScene.ts';
import { cutText, type RunDrawing, useLabels } from './runDrawing.ts';
import { areaWithin, type Box, type Size } from './runScene.ts';

/** Pixels between two cells, and least width and height of a cell with a number. */
const GAP = 1;
const NUMBERED = { width: 40, height: 16 };
/** Pixels between two labels of an axis. */
const SPACING = { x: 56, y: 16 };

/** Drawn heat map of two fields. The best mean has the strongest color. */
export class FieldMapDrawing extends FieldMapScene implements RunDrawing {
  draw(ctx: Pen, size: Size, theme: Theme, selected: ReadonlySet<string>): void {
    this.#drawLabels(ctx, size, theme);
    const colors = colorMap('sequential', theme.kind);
    const strength = strengths(this.cells, this.fields.result.direction);
    const isSelected = ({ rows }: Cell) => rows.some(({ id }) => selected.has(id));
    this.cells.forEach((cell, i) => {
      const at = Math.round(255 * (strength[i] ?? 0)) * 4;
      const color = colors.subarray(at, at + 3);
      const box = this.boxOf(cell, size);
      ctx.fillStyle = `rgb(${color.join()})`;
      ctx.fillRect(box.left, box.top, box.right - box.left - GAP, box.bottom - box.top - GAP);
      this.#writeMean(ctx, cell, box, textOn(color));
    });
    ctx.lineWidth = 2;
    for (const cell of this.cells.filter(isSelected)) outline(ctx, this.boxOf(cell, size), theme);
    ctx.lineWidth = 1;
  }

  mark(ctx: Pen, size: Size, theme: Theme, id: string): void {
    const cell = this.byRun.get(id);
    if (!cell) return;
    ctx.lineWidth = 2;
    outline(ctx, this.boxOf(cell, size), theme);
    ctx.lineWidth = 1;
  }

  #writeMean(ctx: Pen, { rows: [row], spread }: Cell, { left, right, top, bottom }: Box, color: string): void {
    if (right - left < NUMBERED.width || bottom - top < NUMBERED.height) return;
    const { result } = this.fields;
    ctx.textAlign = 'center';
    ctx.fillStyle = color;
    const text = formatSpread({ ...spread, deviation: null }, result, row);
    ctx.fillText(cutText(ctx, text, right - left - 4), (left + right) / 2, (top + bottom) / 2);
  }

  #drawLabels(ctx: Pen, size: Size, theme: Theme): void {
    const { left, right, top, bottom } = areaWithin(size, MARGINS);
    useLabels(ctx, theme);
    const width = (right - left) / Math.max(1, this.columns.length);
    const height = (bottom - top) / Math.max(1, this.lines.length);
    const [everyX, everyY] = [Math.ceil(SPACING.x / width), Math.ceil(SPACING.y / height)];
    ctx.textAlign = 'center';
    this.columns.forEach(({ label }, i) => {
      if (i % everyX === 0)
        ctx.fillText(cutText(ctx, label, width * everyX - 4), left + (i + 0.5) * width, bottom + 10);
    });
    ctx.textAlign = 'right';
    this.lines.forEach(({ label }, i) => {
      if (i % everyY === 0) ctx.fillText(cutText(ctx, label, MARGINS.left - 10), left - 6, bottom - (i + 0.5) * height);
    });
    ctx.fillText(this.fields.x.label(), right, bottom + 26);
    ctx.textAlign = 'left';
    ctx.fillText(cutText(ctx, this.fields.y.label(), size.width), 4, 8);
  }
}

function outline(ctx: Pen, { left, right, top, bottom }: Box, theme: Theme): void {
  ctx.strokeStyle = theme.foreground;
  ctx.strokeRect(left + 0.5, top + 0.5, right - left - GAP - 1, bottom - top - GAP - 1);
}
