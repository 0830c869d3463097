import { button, h, setText } from '../dom.ts';
import type { Frames } from '../frames.ts';
import { cellPicture, contextOf, mapPng, paintBar, paintCursor, paintMap } from './heatMapPainter.ts';
import {
  cellAt,
  cellSentence,
  layOut,
  moveCursor,
  describeValue,
  type Cell,
  type HeatMapLayout,
  type HeatMapScene,
} from './heatMapScene.ts';
import { HeatMapTable } from './heatMapTable.ts';
import { onThemeChange, readTheme, type Theme } from './theme.ts';

export interface HeatMapOptions {
  /** What the map is called to assistive technology, and on its table. */
  readonly title: string;
  readonly frames: Frames;
  readonly savePng: (title: string, base64: string) => void;
  /** The pointer or the keyboard is on another cell; null when it has left the map. */
  readonly moved?: (cell: Cell | null) => void;
  /** A cell was clicked, or Enter pressed on it. */
  readonly chosen?: (cell: Cell) => void;
}

const KEYS =
  'Arrow keys read the cells, Home and End go along a row, Page Up and Page Down go by ten rows, Enter chooses.';
const BAR_HEIGHT = 16;

let numbered = 0;

/**
 * A heat map on one canvas: a pixel a cell is colored once and drawn at the size that there is room for, so that
 * moving over it or resizing it colors nothing again. The cell under the pointer is found by arithmetic.
 */
export class HeatMap {
  readonly element: HTMLElement;
  readonly #options: HeatMapOptions;
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #bar = h('canvas', { class: 'color-bar', 'aria-hidden': 'true' });
  readonly #frame: HTMLElement;
  readonly #box = h('div', { class: 'reading', 'aria-hidden': 'true', hidden: true });
  readonly #spoken = h('p', { class: 'unseen', role: 'status' });
  readonly #empty = h('p', { class: 'empty' });
  readonly #tools: { readonly table: HTMLButtonElement; readonly png: HTMLButtonElement };
  readonly #table: HeatMapTable;
  #scene: HeatMapScene | null = null;
  #theme: Theme | null = null;
  #cells: OffscreenCanvas | null = null;
  /** Cells and labels at the size of the screen: what moving the cursor leaves as it is. */
  #still: OffscreenCanvas | null = null;
  #layout: HeatMapLayout | null = null;
  #cursor: Cell | null = null;

  constructor(options: HeatMapOptions) {
    this.#options = options;
    const { title } = options;
    const keys = `map-keys-${++numbered}`;
    this.#frame = h(
      'div',
      {
        class: 'map',
        role: 'application',
        'aria-roledescription': 'heat map',
        tabindex: '0',
        'aria-label': title,
        'aria-describedby': keys,
      },
      this.#canvas,
      this.#box,
    );
    this.#table = new HeatMapTable(title);
    this.#tools = {
      table: button(
        'Table',
        {
          class: 'tool',
          'data-tool': 'table',
          title: 'Show the values around the cursor as a table',
          'aria-pressed': 'false',
        },
        () => this.#toggleTable(),
      ),
      png: button('PNG', { class: 'tool', 'data-tool': 'png', title: 'Save the map as a PNG picture' }, () =>
        this.#save(),
      ),
    };
    const tools = h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': `${title}: view` },
      this.#tools.table,
      this.#tools.png,
    );
    this.element = h(
      'div',
      { class: 'heat-map' },
      h('div', { class: 'map-head' }, this.#bar, tools),
      h('div', { class: 'map-frame' }, this.#frame, this.#empty),
      h('p', { class: 'unseen', id: keys }, KEYS),
      this.#spoken,
      this.#table.element,
    );
    this.#listen();
    this.show(null, '');
  }

  /** Shows a map; without one it says why there is none. The cursor stays where the new map has that cell. */
  show(scene: HeatMapScene | null, empty = ''): void {
    this.#scene = scene;
    this.#cells = null;
    this.#still = null;
    this.element.classList.toggle('no-points', scene === null);
    for (const tool of Object.values(this.#tools)) tool.disabled = scene === null;
    setText(this.#empty, scene ? '' : empty);
    if (!scene) this.#table.element.hidden = true;
    const { row = 0, column = 0 } = this.#cursor ?? {};
    if (!scene || row >= scene.rows.count || column >= scene.columns.count) this.#cursor = null;
    this.#showTable();
    this.refresh();
  }

  /** Draws again in the next frame: what a scene says about its cells has changed. */
  refresh(): void {
    this.#options.frames.request(this.#draw);
  }

  readonly #draw = (): void => {
    const scene = this.#scene;
    const width = this.#frame.clientWidth;
    if (!scene || width === 0) return;
    this.#theme ??= readTheme();
    const layout = layOut(scene, width);
    const ctx = sized(this.#canvas, width, layout.height);
    if (this.#still?.width !== this.#canvas.width || this.#still.height !== this.#canvas.height) this.#still = null;
    this.#still ??= this.#paintStill(scene, layout, this.#theme);
    ctx.drawImage(this.#still, 0, 0, width, layout.height);
    if (this.#cursor) paintCursor(ctx, scene, layout, this.#theme, this.#cursor);
    this.#layout = layout;
    this.#showReading(scene, layout);
  };

  #paintStill(scene: HeatMapScene, layout: HeatMapLayout, theme: Theme): OffscreenCanvas {
    this.#cells ??= cellPicture(scene, theme);
    const still = new OffscreenCanvas(this.#canvas.width, this.#canvas.height);
    const ctx = contextOf(still);
    ctx.scale(devicePixelRatio, devicePixelRatio);
    paintMap(ctx, scene, layout, theme, this.#cells);
    paintBar(
      sized(this.#bar, this.#bar.parentElement?.clientWidth ?? layout.width, BAR_HEIGHT),
      scene,
      theme,
      0,
      BAR_HEIGHT / 2,
    );
    return still;
  }

  #listen(): void {
    this.#frame.addEventListener('pointermove', (event) => this.#move(this.#cellUnder(event)));
    this.#frame.addEventListener('pointerleave', () => this.#move(null));
    this.#frame.addEventListener('blur', () => this.#move(null));
    this.#frame.addEventListener('click', (event) => this.#choose(this.#cellUnder(event)));
    this.#frame.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.refresh()).observe(this.#frame);
    const recolor = () => {
      this.#theme = null;
      this.#cells = null;
      this.#still = null;
      this.refresh();
    };
    onThemeChange(recolor);
    onPixelRatioChange(() => this.refresh());
  }

  #cellUnder({ clientX, clientY }: MouseEvent): Cell | null {
    if (!this.#scene || !this.#layout) return null;
    const { left, top } = this.#canvas.getBoundingClientRect();
    return cellAt(this.#scene, this.#layout, clientX - left, clientY - top);
  }

  #key(event: KeyboardEvent): void {
    if (!this.#scene || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') return this.#choose(this.#cursor);
    const target = moveCursor(this.#scene, this.#cursor, event.key);
    if (target === undefined) return;
    event.preventDefault();
    this.#move(target);
    // The pointer would make it talk without end.
    if (target) setText(this.#spoken, cellSentence(this.#scene, target));
  }

  #move(cell: Cell | null): void {
    if (cell?.row === this.#cursor?.row && cell?.column === this.#cursor?.column) return;
    this.#cursor = cell;
    this.#options.moved?.(cell);
    this.#showTable();
    this.refresh();
  }

  #choose(cell: Cell | null): void {
    if (cell) this.#options.chosen?.(cell);
  }

  #toggleTable(): void {
    this.#table.element.hidden = !this.#table.element.hidden;
    this.#tools.table.setAttribute('aria-pressed', String(!this.#table.element.hidden));
    this.#showTable();
  }

  #showTable(): void {
    if (this.#scene && !this.#table.element.hidden)
      this.#table.show(this.#scene, this.#cursor ?? { row: 0, column: 0 });
  }

  #save(): void {
    const { title, savePng } = this.#options;
    if (this.#scene && this.#layout)
      savePng(title, mapPng(this.#scene, this.#layout, this.#theme ?? readTheme(), devicePixelRatio));
  }

  /** Beside the cell, on the side that has more room. */
  #showReading(scene: HeatMapScene, { left, top, width, cellWidth, cellHeight }: HeatMapLayout): void {
    const cell = this.#cursor;
    this.#box.hidden = cell === null;
    if (!cell) return;
    const head = `${scene.rows.name(cell.row)}, ${scene.columns.name(cell.column)}: ${describeValue(scene, cell)}`;
    this.#box.replaceChildren(h('strong', {}, head), ...scene.details(cell).map((line) => h('div', {}, line)));
    const x = left + (cell.column + 0.5) * cellWidth;
    const onLeft = x > width / 2;
    this.#box.style.left = onLeft ? '' : `${x + 14}px`;
    this.#box.style.right = onLeft ? `${width - x + 14}px` : '';
    this.#box.style.top = `${top + (cell.row + 1) * cellHeight + 4}px`;
  }
}

/** Gives a canvas its size in CSS pixels, sharp on this screen. @returns what draws on it, in CSS pixels */
function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const pixels = { width: Math.round(width * devicePixelRatio), height: Math.round(height * devicePixelRatio) };
  if (canvas.width !== pixels.width || canvas.height !== pixels.height) {
    Object.assign(canvas, pixels);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = contextOf(canvas);
  ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

/** Calls back when the page is zoomed, or moved to a screen of another density. */
function onPixelRatioChange(changed: () => void): void {
  const watch = () =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', heard, { once: true });
  const heard = () => {
    changed();
    watch();
  };
  watch();
}
