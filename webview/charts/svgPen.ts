import type { Pen } from './pen.ts';
import { round, svgTag, tag, textTag } from './svgTags.ts';

/** Settings of a canvas context that `save` keeps. */
interface PenState {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  imageSmoothingEnabled: boolean;
  transform: string;
}

const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end' };

/**
 * Draws an SVG file with the calls of a canvas, so that a drawing is written once. It has the calls that the drawings use:
 * lines, circles, rectangles, texts and images.
 */
export class SvgPen implements Pen {
  readonly #size: { readonly width: number; readonly height: number };
  readonly #elements: string[] = [];
  readonly #saved: PenState[] = [];
  readonly #measure: Pick<CanvasRenderingContext2D, 'font' | 'measureText'>;
  #path: string[] = [];
  #state: PenState = {
    fillStyle: '#000',
    strokeStyle: '#000',
    lineWidth: 1,
    globalAlpha: 1,
    font: '10px sans-serif',
    textAlign: 'left',
    textBaseline: 'alphabetic',
    imageSmoothingEnabled: true,
    transform: '',
  };

  /** @param measure measures texts, as a canvas does */
  constructor(
    size: { readonly width: number; readonly height: number },
    measure: Pick<CanvasRenderingContext2D, 'font' | 'measureText'>,
  ) {
    this.#size = size;
    this.#measure = measure;
  }

  /** The file with everything that was drawn. */
  finish(): string {
    return [svgTag(this.#size), ...this.#elements, '</svg>\n'].join('\n');
  }

  get fillStyle(): string {
    return this.#state.fillStyle;
  }

  set fillStyle(fillStyle: string | CanvasGradient | CanvasPattern) {
    this.#state.fillStyle = colorOf(fillStyle);
  }

  get strokeStyle(): string {
    return this.#state.strokeStyle;
  }

  set strokeStyle(strokeStyle: string | CanvasGradient | CanvasPattern) {
    this.#state.strokeStyle = colorOf(strokeStyle);
  }

  get lineWidth(): number {
    return this.#state.lineWidth;
  }

  set lineWidth(lineWidth: number) {
    this.#state.lineWidth = lineWidth;
  }

  get globalAlpha(): number {
    return this.#state.globalAlpha;
  }

  set globalAlpha(globalAlpha: number) {
    this.#state.globalAlpha = globalAlpha;
  }

  get font(): string {
    return this.#state.font;
  }

  set font(font: string) {
    this.#state.font = font;
  }

  get textAlign(): CanvasTextAlign {
    return this.#state.textAlign;
  }

  set textAlign(textAlign: CanvasTextAlign) {
    this.#state.textAlign = textAlign;
  }

  get textBaseline(): CanvasTextBaseline {
    return this.#state.textBaseline;
  }

  set textBaseline(textBaseline: CanvasTextBaseline) {
    this.#state.textBaseline = textBaseline;
  }

  get imageSmoothingEnabled(): boolean {
    return this.#state.imageSmoothingEnabled;
  }

  set imageSmoothingEnabled(isEnabled: boolean) {
    this.#state.imageSmoothingEnabled = isEnabled;
  }

  save(): void {
    this.#saved.push({ ...this.#state });
  }

  restore(): void {
    this.#state = this.#saved.pop() ?? this.#state;
  }

  translate(x: number, y: number): void {
    this.#transform(`translate(${round(x)} ${round(y)})`);
  }

  rotate(angle: number): void {
    this.#transform(`rotate(${round((180 * angle) / Math.PI)})`);
  }

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${round(x)} ${round(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`${this.#path.length === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`);
  }

  /** A whole circle: the drawings have no other arcs. */
  arc(x: number, y: number, radius: number): void {
    const r = round(radius);
    this.#path.push(`M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`);
  }

  stroke(): void {
    this.#add('path', { d: this.#path.join(''), fill: 'none', ...this.#line });
  }

  fill(): void {
    this.#add('path', { d: this.#path.join(''), fill: this.fillStyle });
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#add('rect', { ...box(x, y, width, height), fill: this.fillStyle });
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#add('rect', { ...box(x, y, width, height), fill: 'none', ...this.#line });
  }

  fillText(text: string, x: number, y: number): void {
    const [, size = '10', family = 'sans-serif'] = /^([\d.]+)px (.*)$/s.exec(this.font) ?? [];
    this.#elements.push(
      textTag(x, y, text, {
        ...this.#common,
        fill: this.fillStyle,
        'font-size': size,
        'font-family': family,
        'text-anchor': ANCHORS[this.textAlign] ?? '',
        'dominant-baseline': this.textBaseline === 'middle' ? 'central' : '',
      }),
    );
  }

  measureText(text: string): TextMetrics {
    this.#measure.font = this.font;
    return this.#measure.measureText(text);
  }

  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    this.#add('image', {
      ...box(x, y, width, height),
      preserveAspectRatio: 'none',
      'image-rendering': this.imageSmoothingEnabled ? '' : 'pixelated',
      href: image.toDataURL('image/png'),
    });
  }

  get #line() {
    return { stroke: this.strokeStyle, 'stroke-width': this.lineWidth };
  }

  get #common() {
    const { globalAlpha, transform } = this.#state;
    return { transform, opacity: globalAlpha === 1 ? '' : globalAlpha };
  }

  #transform(step: string): void {
    this.#state.transform = `${this.#state.transform} ${step}`.trim();
  }

  #add(name: string, attributes: Readonly<Record<string, string | number>>): void {
    this.#elements.push(tag(name, { ...attributes, ...this.#common }, ''));
  }
}

function box(x: number, y: number, width: number, height: number) {
  return { x: round(x), y: round(y), width: round(width), height: round(height) };
}

/** @throws TypeError for a gradient or a pattern, which no drawing uses */
function colorOf(style: string | CanvasGradient | CanvasPattern): string {
  if (typeof style !== 'string') throw new TypeError('An SVG file is drawn in plain colors.');
  return style;
}
