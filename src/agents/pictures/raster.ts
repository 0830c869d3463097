import { pngBytes } from '../../format/png.ts';
import { zlibDeflated } from '../../platform/compression.ts';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphsOf } from './font.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Rectangle extends Place {
  readonly width: number;
  readonly height: number;
}

/** Shades of the edges of a line. Few of them make small files. */
const SHADES = 3;

/** Pixels of a dot of a character, and of the space after a character. */
const DOT = 2;
const ADVANCE = DOT * (GLYPH_WIDTH + 1);

/** Height of a line of text in pixels. */
export const TEXT_HEIGHT = DOT * GLYPH_HEIGHT;

/** Width of a text in pixels. */
export function widthOf(text: string): number {
  return glyphsOf(text).length * ADVANCE - DOT;
}

/** A picture of opaque pixels. Distances are in pixels, from the left and from the top. */
export class Raster {
  readonly width: number;
  readonly height: number;
  readonly #pixels: Uint8Array;

  constructor(width: number, height: number, background: Rgb) {
    this.width = width;
    this.height = height;
    this.#pixels = new Uint8Array(3 * width * height);
    this.fill({ x: 0, y: 0, width, height }, background);
  }

  fill({ x, y, width, height }: Rectangle, color: Rgb): void {
    for (let row = Math.round(y); row < Math.round(y + height); row++)
      for (let column = Math.round(x); column < Math.round(x + width); column++) this.#blend(column, row, color, 1);
  }

  /** Writes a text. @param align which part of the text is at `x` */
  text(text: string, { x, y }: Place, color: Rgb, align: 'start' | 'middle' | 'end' = 'start'): void {
    const shift = { start: 0, middle: widthOf(text) / 2, end: widthOf(text) }[align];
    const left = Math.round(x - shift);
    for (const dot of dotsOf(text)) this.#dot({ x: left + dot.x, y: y + dot.y }, color);
  }

  /** Writes a text from top to bottom, its letters turned to the right. */
  textDown(text: string, { x, y }: Place, color: Rgb): void {
    for (const dot of dotsOf(text)) this.#dot({ x: x + TEXT_HEIGHT - DOT - dot.y, y: y + dot.x }, color);
  }

  /** Draws a line with smooth edges. @param width of the line */
  line(from: Place, to: Place, color: Rgb, width: number): void {
    const reach = width / 2 + 1;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
    for (let column = Math.floor(left); column <= right; column++) {
      // Only the part of a column that the line passes, so that a long line takes few pixels.
      const [top, bottom] = rangeIn(from, to, column - reach, column + reach);
      for (let row = Math.floor(top - reach); row <= bottom + reach; row++) {
        const along = length === 0 ? 0 : ((column - from.x) * dx + (row - from.y) * dy) / length;
        const at = Math.min(1, Math.max(0, along));
        const distance = Math.hypot(column - from.x - at * dx, row - from.y - at * dy);
        const covered = Math.min(1, Math.max(0, width / 2 + 0.5 - distance));
        this.#blend(column, row, color, Math.round(covered * SHADES) / SHADES);
      }
    }
  }

  /** The picture as a PNG file. */
  async png(): Promise<Uint8Array> {
    const bytes = 3 * this.width;
    const lines = new Uint8Array((bytes + 1) * this.height);
    // The filter of a line is 0: areas of one color compress well as they are.
    for (let row = 0; row < this.height; row++)
      lines.set(this.#pixels.subarray(row * bytes, (row + 1) * bytes), row * (bytes + 1) + 1);
    return pngBytes(this.width, this.height, await zlibDeflated(lines));
  }

  #dot(place: Place, color: Rgb): void {
    this.fill({ ...place, width: DOT, height: DOT }, color);
  }

  #blend(x: number, y: number, color: Rgb, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || opacity <= 0) return;
    const at = 3 * (y * this.width + x);
    color.forEach((value, i) => {
      const before = this.#pixels[at + i] ?? 0;
      this.#pixels[at + i] = Math.round(before + opacity * (value - before));
    });
  }
}

/** Places of the dots of a text. */
function dotsOf(text: string): Place[] {
  return glyphsOf(text).flatMap((columns, place) =>
    columns.flatMap((dots, column) =>
      Array.from({ length: GLYPH_HEIGHT }, (_, row) => row).flatMap((row) =>
        ((dots >> row) & 1) === 1 ? [{ x: place * ADVANCE + column * DOT, y: row * DOT }] : [],
      ),
    ),
  );
}

/** The lowest and the highest y of a line between two x. */
function rangeIn(from: Place, to: Place, left: number, right: number): readonly [number, number] {
  const dx = to.x - from.x;
  if (dx === 0) return [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  const yAt = (x: number) => from.y + Math.min(1, Math.max(0, (x - from.x) / dx)) * (to.y - from.y);
  const [a, b] = [yAt(left), yAt(right)];
  return [Math.min(a, b), Math.max(a, b)];
}
