import * as l10n from '@vscode/l10n';
import { button, h, setText } from '../dom.ts';
import type { Frames } from '../frames.ts';
import { cellPicture, contextOf, paintBar, paintCursor, paintMap } from './heatMapPainter.ts';
import { animateMap, drawMapPicture, mapSvg, shownMapPng } from './heatMapPicture.ts';
import {
  cellAt,
  describeCell,
  layOut,
  moveCursor,
  describeValue,
  type AnimatedMap,
  type Cell,
  type HeatMapLayout,
  type HeatMapScene,
} from './heatMapScene.ts';
import { HeatMapTable } from './heatMapTable.ts';
import { base64Of, copyPicture } from './picture.ts';
import { PictureMenu, type PictureOptions } from './pictureMenu.ts';
import { describePicture } from './pictureThemes.ts';
import { onThemeChange, readTheme, type Theme } from './theme.ts';

export interface HeatMapOptions {
  /** Accessible name of the map and its table. */
  readonly title: string;
  readonly frames: Frames;
  readonly saveFile: (format: 'png' | 'svg', title: string, content: string) => void;
  /** Measures at most a number of maps through training, for an animation; omitted for a map without one. */
  readonly throughTraining?: (limit: number) => Promise<readonly AnimatedMap[]>;
  /** Called when the cursor moves to another cell, with null when it leaves the map. */
  readonly onMove?: (cell: Cell | null) => void;
  /** Called when a cell is clicked, or Enter is pressed on it. */
  readonly onChoose?: (cell: Cell) => void;
}

const KEYS = l10n.t(
  'Use the arrow keys to read the cells, Home and End to go to the ends of a row, Page Up and Page Down to move by ten rows, and Enter to select.',
);
const BAR_HEIGHT = 16;

let lastId = 0;

/**
 * A heat map on one canvas. Cells are colored once, one pixel each, and then scaled, so moving the cursor or resizing
 * colors nothing again. The cell under the pointer is computed from the layout.
 */
export class HeatMap {
  readonly element: HTMLElement;
  readonly #options: HeatMapOptions;
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #bar = h('canvas', { class: 'color-bar', 'aria-hidden': 'true' });
  readonly #frame: HTMLElement;
  readonly #tooltip = h('div', { class: 'reading', 'aria-hidden': 'true', hidden: true });
  readonly #announcement = h('p', { class: 'unseen', role: 'status' });
  readonly #empty = h('p', { class: 'empty' });
  readonly #tools: Readonly<Record<'table' | 'png' | 'picture', HTMLButtonElement>>;
  readonly #table: HeatMapTable;
  #scene: HeatMapScene | null = null;
  #theme: Theme | null = null;
  #cells: HTMLCanvasElement | null = null;
  /** Cells and labels at screen size, without the cursor. */
  #staticLayer: OffscreenCanvas | null = null;
  /** What the color scale shows, and in which theme. */
  #drawnBar: { readonly theme: Theme; readonly drawn: string } | null = null;
  #layout: HeatMapLayout | null = null;
  #cursor: Cell | null = null;

  constructor(options: HeatMapOptions) {
    this.#options = options;
    const { title } = options;
    const keys = `map-keys-${++lastId}`;
    this.#frame = h(
      'div',
      {
        class: 'map',
        role: 'application',
        'aria-roledescription': l10n.t('heat map'),
        tabindex: '0',
        'aria-label': title,
        'aria-describedby': keys,
      },
      this.#canvas,
      this.#tooltip,
    );
    this.#table = new HeatMapTable(title);
    const { trigger, element: box } = this.#pictureMenu();
    this.#tools = {
      table: button(
        l10n.t('Table'),
        {
          class: 'tool',
          'data-tool': 'table',
          title: l10n.t('Show the values around the cursor as a table'),
          'aria-pressed': 'false',
        },
        () => this.#toggleTable(),
      ),
      png: button('PNG', { class: 'tool', 'data-tool': 'png', title: l10n.t('Save the map as PNG') }, () =>
        this.#save(),
      ),
      picture: trigger,
    };
    const tools = h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': l10n.t('{0}: view', title) },
      this.#tools.table,
      this.#tools.png,
      trigger,
      box,
    );
    this.element = h(
      'div',
      { class: 'heat-map' },
      h('div', { class: 'map-head' }, this.#bar, tools),
      h('div', { class: 'map-frame' }, this.#frame, this.#empty),
      h('p', { class: 'unseen', id: keys }, KEYS),
      this.#announcement,
      this.#table.element,
    );
    this.#listen();
    this.show(null, '');
  }

  /** Shows a map, or a message if there is none. The cursor stays if the new map has its cell. */
  show(scene: HeatMapScene | null, empty = ''): void {
    this.#scene = scene;
    this.#cells = null;
    this.#staticLayer = null;
    this.element.classList.toggle('no-points', scene === null);
    for (const tool of Object.values(this.#tools)) tool.disabled = scene === null;
    setText(this.#empty, scene ? '' : empty);
    if (!scene) this.#table.element.hidden = true;
    const { row = 0, column = 0 } = this.#cursor ?? {};
    if (!scene || row >= scene.rows.count || column >= scene.columns.count) this.#cursor = null;
    this.#showTable();
    this.refresh();
  }

  /** Redraws in the next frame, after the details of the cells have changed. */
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
    if (this.#staticLayer?.width !== this.#canvas.width || this.#staticLayer.height !== this.#canvas.height)
      this.#staticLayer = null;
    this.#staticLayer ??= this.#paintStaticLayer(scene, layout, this.#theme);
    ctx.drawImage(this.#staticLayer, 0, 0, width, layout.height);
    if (this.#cursor) paintCursor(ctx, scene, layout, this.#theme, this.#cursor);
    this.#layout = layout;
    this.#showReading(scene, layout);
  };

  #paintStaticLayer(scene: HeatMapScene, layout: HeatMapLayout, theme: Theme): OffscreenCanvas {
    this.#cells ??= cellPicture(scene, theme);
    const staticLayer = new OffscreenCanvas(this.#canvas.width, this.#canvas.height);
    const ctx = contextOf(staticLayer);
    ctx.scale(devicePixelRatio, devicePixelRatio);
    paintMap(ctx, scene, layout, theme, this.#cells);
    this.#paintBar(scene, layout, theme);
    return staticLayer;
  }

  /** Draws the color scale, unless it is drawn already. */
  #paintBar({ palette, low, high }: HeatMapScene, layout: HeatMapLayout, theme: Theme): void {
    const width = this.#bar.parentElement?.clientWidth ?? layout.width;
    const drawn = [palette, low, high, width, devicePixelRatio].join();
    if (this.#drawnBar?.theme === theme && this.#drawnBar.drawn === drawn) return;
    paintBar(sized(this.#bar, width, BAR_HEIGHT), { palette, low, high }, theme, 0, BAR_HEIGHT / 2);
    this.#drawnBar = { theme, drawn };
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
      this.#staticLayer = null;
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
    // Announces keyboard moves only; pointer moves would announce every cell on the way.
    if (target) setText(this.#announcement, describeCell(this.#scene, target));
  }

  #move(cell: Cell | null): void {
    if (cell?.row === this.#cursor?.row && cell?.column === this.#cursor?.column) return;
    this.#cursor = cell;
    this.#options.onMove?.(cell);
    this.#showTable();
    this.refresh();
  }

  #choose(cell: Cell | null): void {
    if (cell) this.#options.onChoose?.(cell);
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
    const { title, saveFile } = this.#options;
    if (this.#scene && this.#layout)
      saveFile('png', title, shownMapPng(this.#scene, this.#layout, this.#theme ?? readTheme(), devicePixelRatio));
  }

  #pictureMenu(): PictureMenu {
    const { title, saveFile, throughTraining } = this.#options;
    const draw = (options: PictureOptions) => drawMapPicture(this.#drawn(), options);
    return new PictureMenu(title, {
      save: (format, options) => {
        const content = format === 'png' ? base64Of(draw(options)) : mapSvg(this.#drawn(), options);
        saveFile(format, describePicture(title, options), content);
      },
      copy: async (options) => copyPicture(draw(options)),
      ...(throughTraining && {
        animate: async (options, progress) => {
          const animation = await animateMap(throughTraining, options, progress);
          saveFile('png', describePicture(l10n.t('{0}, animation', title), options), animation);
        },
      }),
    });
  }

  #drawn(): HeatMapScene {
    if (!this.#scene) throw new Error(`The map "${this.#options.title}" has no values to save.`);
    return this.#scene;
  }

  /** Shows the tooltip next to the cell, on the side with more space. */
  #showReading(scene: HeatMapScene, { left, top, width, cellWidth, cellHeight }: HeatMapLayout): void {
    const cell = this.#cursor;
    this.#tooltip.hidden = cell === null;
    if (!cell) return;
    const head = `${scene.rows.name(cell.row)}, ${scene.columns.name(cell.column)}: ${describeValue(scene, cell)}`;
    this.#tooltip.replaceChildren(h('strong', {}, head), ...scene.details(cell).map((line) => h('div', {}, line)));
    const x = left + (cell.column + 0.5) * cellWidth;
    const onLeft = x > width / 2;
    this.#tooltip.style.left = onLeft ? '' : `${x + 14}px`;
    this.#tooltip.style.right = onLeft ? `${width - x + 14}px` : '';
    this.#tooltip.style.top = `${top + (cell.row + 1) * cellHeight + 4}px`;
  }
}

/** Sizes and clears a canvas. @returns its context, scaled to CSS pixels */
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

/** Calls `onChange` when the page is zoomed or moves to a screen with another pixel density. */
function onPixelRatioChange(onChange: () => void): void {
  const watch = () =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', handleChange, { once: true });
  const handleChange = () => {
    onChange();
    watch();
  };
  watch();
}
