import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Plugin,
  type Scale,
} from 'chart.js';
import { color } from 'chart.js/helpers';
import { lineColor } from './lineColor.ts';
import { type Annotations, annotate, centerOf } from './annotations.ts';
import type { Reading } from './reading.ts';
import { toAxis, valueAt, type Range, type ScaleKind } from './scale.ts';
import { BAND_OPACITY, type Scene } from './scene.ts';
import { drawStroke } from './strokes.ts';
import type { Theme } from './theme.ts';
import { axisTicks, type Tick, xTicks } from './ticks.ts';
import { xTexts } from './xTexts.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

type LineChart = Chart<'line', { x: number; y: number | null }[]>;

const FONT_SIZE = 11;
/** Minimum width of the y axis in pixels, so that stacked charts line up. */
const AXIS_WIDTH = 52;
/** Pixels around the plot in which a curve at its edge is still drawn. */
const CLIP = 1;

/** Draws scenes on a canvas. Ranges and ticks come from the scene; Chart.js draws the axes, and `drawStroke` the curves. */
export class Plot {
  readonly #chart: LineChart;
  #scene: Scene | null = null;
  #theme: Theme | null = null;
  #placed: { readonly place: string; readonly annotations: Annotations } | null = null;
  #reading: Reading | null = null;
  #band: { from: number; to: number } | null = null;

  /** @param fixed whether to keep the size of the canvas; by default it follows its container */
  constructor(canvas: HTMLCanvasElement, fixed = false) {
    this.#chart = new Chart<'line', { x: number; y: number | null }[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        parsing: false,
        normalized: true,
        animation: false,
        maintainAspectRatio: false,
        events: [],
        ...(fixed && { responsive: false, devicePixelRatio: 1 }),
      },
      plugins: [this.#overlay()],
    });
  }

  dispose(): void {
    this.#chart.destroy();
  }

  /** Draws a scene. */
  show(scene: Scene, theme: Theme): void {
    this.#scene = scene;
    this.#theme = theme;
    this.#placed = null;
    this.#chart.options.scales = {
      x: {
        ...axis(theme, scene.x, 'linear', (pixels) => xTicks(scene.x, scene, pixels, 90)),
        title: {
          display: true,
          text: xTexts[scene.xName].name,
          align: 'end',
          color: theme.muted,
          font: font(theme),
          padding: 0,
        },
      },
      y: {
        ...axis(theme, scene.y, scene.kind, (pixels) => axisTicks(scene.y, scene.kind, pixels / 40)),
        afterFit: (scale: Scale) => void (scale.width = Math.max(scale.width, AXIS_WIDTH)),
      },
    };
    this.#chart.update('none');
  }

  /** Marks the points of a reading; null removes the marks. */
  mark(reading: Reading | null): void {
    if (reading === null && this.#reading === null) return;
    this.#reading = reading;
    this.#chart.draw();
  }

  /** Highlights the part of the y axis that is being selected, in pixels; null removes the highlight. */
  pick(band: { from: number; to: number } | null): void {
    this.#band = band;
    this.#chart.draw();
  }

  /** Plot area, in CSS pixels of the canvas. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea;
  }

  /** Returns the x at a pixel column. */
  xAt(column: number): number {
    const { left, right } = this.area;
    return this.#scene ? valueAt((column - left) / (right - left), this.#scene.x, 'linear') : 0;
  }

  /** Returns the pixel column of an x. */
  columnOf(x: number): number {
    return this.#chart.scales.x?.getPixelForValue(x) ?? 0;
  }

  /** Returns the pixel row of a value. */
  rowOf(value: number): number {
    return this.#chart.scales.y?.getPixelForValue(value) ?? NaN;
  }

  /** Returns the position of a pixel row on the y axis: 0 at the bottom, 1 at the top. */
  fractionAt(y: number): number {
    const { top, bottom } = this.area;
    return (bottom - y) / (bottom - top);
  }

  get canvas(): HTMLCanvasElement {
    return this.#chart.canvas;
  }

  #overlay(): Plugin<'line'> {
    return {
      id: 'overlay',
      beforeDatasetsDraw: ({ ctx, chartArea: { left, right } }) => {
        // A chart of a fixed size draws itself once in its constructor, before it has a scene.
        if (!this.#scene) return;
        this.#drawBands(ctx);
        for (const y of this.#annotations(ctx).lines)
          strokeLine(ctx, left, y, right, y, this.#theme?.muted ?? '', [2, 4]);
        this.#drawStrokes(ctx);
      },
      afterDatasetsDraw: ({ ctx }) => {
        if (!this.#scene) return;
        this.#drawMarks(ctx);
        this.#drawLabels(ctx);
        this.#drawReading(ctx);
        this.#drawBand(ctx);
      },
    };
  }

  #drawStrokes(ctx: CanvasRenderingContext2D): void {
    if (!this.#scene || !this.#theme) return;
    const { x, y, kind, strokes } = this.#scene;
    const { left, right, top, bottom } = this.area;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left - CLIP, top - CLIP, right - left + 2 * CLIP, bottom - top + 2 * CLIP);
    ctx.clip();
    const pixels = { columnOf: scaled(x, 'linear', left, right), rowOf: scaled(y, kind, bottom, top) };
    for (const stroke of strokes) drawStroke(ctx, stroke, this.#theme, pixels);
    ctx.restore();
  }

  #drawBands(ctx: CanvasRenderingContext2D): void {
    const y = this.#chart.scales.y;
    if (!this.#scene || !this.#theme || !y) return;
    for (const { color: name, outline } of this.#scene.bands) {
      ctx.beginPath();
      for (const point of outline) ctx.lineTo(this.columnOf(point.x), y.getPixelForValue(point.y));
      ctx.fillStyle = color(lineColor(this.#theme, name)).alpha(BAND_OPACITY).rgbString();
      ctx.fill();
    }
  }

  /** Lines and labels of the scene. They are placed once, not again when the cursor moves. */
  #annotations(ctx: CanvasRenderingContext2D): Annotations {
    const { left, right, top, bottom } = this.area;
    const place = [left, right, top, bottom].join();
    if (this.#placed?.place === place) return this.#placed.annotations;
    ctx.save();
    ctx.font = `${FONT_SIZE}px ${this.#theme?.font ?? 'sans-serif'}`;
    const annotations = this.#scene
      ? annotate(this.#scene, { left, right, top, bottom }, (text) => ctx.measureText(text).width)
      : { lines: [], marks: [], labels: [] };
    ctx.restore();
    this.#placed = { place, annotations };
    return annotations;
  }

  #drawMarks(ctx: CanvasRenderingContext2D): void {
    const { top, bottom } = this.area;
    for (const x of this.#annotations(ctx).marks) strokeLine(ctx, x, top, x, bottom, this.#theme?.muted ?? '', [2, 2]);
  }

  #drawLabels(ctx: CanvasRenderingContext2D): void {
    const theme = this.#theme;
    if (!theme) return;
    for (const { text, box, upright } of this.#annotations(ctx).labels) {
      const { x, y } = centerOf(box);
      ctx.save();
      const background = color(theme.background);
      // A transparent picture has nothing behind its labels.
      ctx.fillStyle = background.alpha(0.75 * background.rgb.a).rgbString();
      ctx.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
      ctx.font = `${FONT_SIZE}px ${theme.font}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.translate(x, y);
      if (upright) ctx.rotate(-Math.PI / 2);
      ctx.fillStyle = theme.muted;
      ctx.fillText(text, 0, 0);
      ctx.restore();
    }
  }

  #drawReading(ctx: CanvasRenderingContext2D): void {
    const reading = this.#reading;
    const theme = this.#theme;
    const y = this.#chart.scales.y;
    if (!reading || !theme || !y) return;
    const { top, bottom } = this.area;
    const column = this.columnOf(reading.x);
    strokeLine(ctx, column, top, column, bottom, theme.muted, []);
    for (const { line, x, value, smoothed } of reading.rows) {
      const height = y.getPixelForValue(smoothed ?? value ?? NaN);
      if (!(height >= top && height <= bottom)) continue;
      ctx.beginPath();
      ctx.arc(this.columnOf(x), height, 4, 0, 2 * Math.PI);
      ctx.fillStyle = lineColor(theme, line.color);
      ctx.fill();
      ctx.strokeStyle = theme.background;
      ctx.stroke();
    }
  }

  #drawBand(ctx: CanvasRenderingContext2D): void {
    if (!this.#band || !this.#theme) return;
    const { left, right } = this.area;
    const { from, to } = this.#band;
    ctx.fillStyle = color(this.#theme.foreground).alpha(0.12).rgbString();
    ctx.fillRect(left, Math.min(from, to), right - left, Math.abs(to - from));
  }
}

/** Function from a value to its pixel between the pixels of both ends of an axis. */
function scaled({ min, max }: Range, kind: ScaleKind, from: number, to: number): (value: number) => number {
  const low = toAxis(min, kind);
  const factor = (to - from) / (toAxis(max, kind) - low);
  return (value) => from + (toAxis(value, kind) - low) * factor;
}

/** Chart.js options of an axis that shows exactly `range`, with the ticks for its length in pixels. */
function axis(theme: Theme, range: Range, kind: ScaleKind, ticksFor: (pixels: number) => Tick[]) {
  let ticks: Tick[] = [];
  return {
    type: kind,
    min: range.min,
    max: range.max,
    border: { display: false },
    grid: { color: theme.grid, tickLength: 4, drawTicks: false },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      padding: 6,
      color: theme.muted,
      font: font(theme),
      callback: (_value: string | number, index: number) => ticks[index]?.label ?? '',
    },
    afterBuildTicks: (scale: Scale) => {
      ticks = ticksFor(scale.isHorizontal() ? scale.width : scale.height);
      scale.ticks = ticks.map(({ value }) => ({ value }));
    },
  };
}

function font(theme: Theme) {
  return { family: theme.font, size: FONT_SIZE };
}

function strokeLine(
  ctx: CanvasRenderingContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  color: string,
  dash: number[],
): void {
  ctx.save();
  ctx.strokeStyle = color;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
  ctx.restore();
}
