import * as l10n from '@vscode/l10n';
import { h, setText, swatch } from '../dom.ts';
import type { Frames } from '../frames.ts';
import { helpOn } from '../help.ts';
import type { AnimationOptions, ThroughTraining } from './animation.ts';
import { animateChart, growsThroughTraining } from './chartAnimation.ts';
import { ChartTools } from './chartTools.ts';
import { base64Of, copyPicture, drawPicture, svgStyle, takePng } from './picture.ts';
import type { PictureOptions } from './pictureMenu.ts';
import { describePicture, pictureTheme } from './pictureThemes.ts';
import { Plot } from './plot.ts';
import type { Points } from './points.ts';
import { PointsTable } from './pointsTable.ts';
import { readAt } from './reading.ts';
import { ReadingCursor } from './readingCursor.ts';
import { buildScene, type Scene, describeSmoothing } from './scene.ts';
import type { ChartSettings, ChartSpec, Mark, Reference } from './spec.ts';
import { writeSvg } from './svg.ts';
import { pointsCsv } from './tableRows.ts';
import { readTheme, type Theme } from './theme.ts';
import { MIN_DRAG, YGestures } from './yGestures.ts';
import { xTexts } from './xTexts.ts';

/** Data and services that a page provides to its charts. */
export interface ChartContext {
  readonly frames: Frames;
  /** Curves by key. The page updates them and then calls `refresh`. */
  readonly curves: ReadonlyMap<string, Points>;
  references(spec: ChartSpec): readonly Reference[];
  marks(spec: ChartSpec): readonly Mark[];
  /** Message shown while the chart has no points. */
  emptyText(spec: ChartSpec): string;
  /** Note that explains missing data; empty if nothing is missing. */
  missingText(spec: ChartSpec): string;
  settingsChanged(spec: ChartSpec, settings: ChartSettings): void;
  saveFile(format: 'png' | 'svg' | 'csv', title: string, content: string): void;
  /** Called when the user reads the curves at an x, and with null at the end. */
  readonly cursorMoved?: (x: number | null) => void;
  /**
   * Called when the user clicks on a curve. A chart with this callback marks the curve at the pointer.
   * @param add whether a key to add to a selection is held
   */
  readonly lineChosen?: (key: string, add: boolean) => void;
  /** Exports the full data behind the chart; the default exports its points. */
  readonly saveCsv?: () => void;
  /**
   * Curves by key at the steps of training at which a chart was measured, for its animation; null if it has none. Charts
   * over training are animated without it.
   */
  readonly throughTraining?: (spec: ChartSpec) => ThroughTraining<ReadonlyMap<string, Points>> | null;
}

/** Minimum time between two updates of an open table, in milliseconds. */
const TABLE_INTERVAL = 500;

const KEYS = l10n.t(
  'Use the left and right arrow keys to read the curves. Press plus or minus to zoom the y axis, Shift with the up or down arrow to pan it, and 0 to fit it.',
);

/** A chart with its title, tools, legend, notes and table. */
export class ChartCard {
  readonly element: HTMLElement;
  readonly #spec: ChartSpec;
  readonly #page: ChartContext;
  readonly #tools: ChartTools;
  readonly #legend = h('ul', { class: 'legend' });
  readonly #empty = h('p', { class: 'empty' });
  readonly #caption = h('p', { class: 'verdict' });
  readonly #notes = h('p', { class: 'notes' });
  readonly #plot: Plot;
  readonly #cursor: ReadingCursor;
  readonly #table: PointsTable;
  #settings: ChartSettings;
  #scene: Scene | null = null;
  #theme: Theme | null = null;
  #tableTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    spec: ChartSpec,
    settings: ChartSettings,
    page: ChartContext,
    heading: HTMLElement = h('h2', {}, spec.title),
  ) {
    this.#spec = spec;
    this.#settings = settings;
    this.#page = page;
    this.#tools = new ChartTools(spec, {
      change: (changed) => this.#change(changed),
      save: (format) => this.#save(format),
      picture: {
        save: (format, options) => this.#savePicture(format, options),
        copy: async (options) => copyPicture(this.#pictureOf(options)),
        ...((growsThroughTraining(spec) || page.throughTraining) && {
          animate: async (options, progress) => this.#animate(options, progress),
        }),
      },
    });
    this.#table = new PointsTable(spec);

    const canvas = h('canvas');
    const frame = h(
      'div',
      {
        class: 'plot',
        role: 'slider',
        tabindex: '0',
        'aria-label': l10n.t('{0}: selected {1}', spec.title, xTexts[spec.xName].name),
        'aria-describedby': `keys-${spec.id}`,
        'aria-valuenow': '0',
      },
      canvas,
    );
    const about = spec.about === undefined ? [] : [h('p', { class: 'about' }, spec.about)];
    const unit = spec.unit ? [h('span', { class: 'unit' }, spec.unit)] : [];
    this.element = h(
      'section',
      { class: 'card', 'aria-label': spec.title, 'data-chart': spec.id },
      h(
        'header',
        {},
        h('div', { class: 'title' }, heading, ...unit, ...(spec.term ? helpOn(spec.term) : [])),
        this.#tools.element,
        ...about,
        this.#caption,
      ),
      this.#legend,
      h('div', { class: 'plot-frame' }, frame, this.#empty),
      h('p', { class: 'unseen', id: `keys-${spec.id}` }, KEYS),
      this.#notes,
      this.#table.element,
    );
    this.#plot = new Plot(canvas);
    this.#cursor = new ReadingCursor(
      frame,
      this.#plot,
      spec,
      (x) => readAt(spec, page.curves, this.#settings.smoothing, x),
      page.cursorMoved,
      page.lineChosen !== undefined,
    );
    if (page.lineChosen) this.#listenToClicks(frame, page.lineChosen);
    new YGestures(
      frame,
      this.#plot,
      () => this.#scene && { range: this.#scene.y, kind: this.#scene.kind },
      (range) => this.#change({ range }),
    );
    this.#showSettings();
  }

  /** Sets the sentence above the curves. */
  setCaption(text: string): void {
    setText(this.#caption, text);
  }

  /** Redraws in the next frame. */
  refresh(): void {
    this.#page.frames.request(this.#draw);
  }

  /** Reads the curves at the x of another chart's cursor; null ends it. */
  followCursor(x: number | null): void {
    if (this.#scene) this.#cursor.follow(x);
  }

  /** Redraws in the colors of the current theme. */
  recolor(): void {
    this.#theme = null;
    this.refresh();
  }

  #listenToClicks(frame: HTMLElement, choose: NonNullable<ChartContext['lineChosen']>): void {
    let pressed = { x: 0, y: 0 };
    frame.addEventListener('pointerdown', ({ offsetX, offsetY }) => (pressed = { x: offsetX, y: offsetY }));
    frame.addEventListener('click', ({ offsetX, offsetY, ctrlKey, metaKey, shiftKey }) => {
      if (Math.hypot(offsetX - pressed.x, offsetY - pressed.y) >= MIN_DRAG) return;
      const line = this.#scene && this.#cursor.lineAt(offsetX, offsetY);
      if (line) choose(line.key, ctrlKey || metaKey || shiftKey);
    });
  }

  readonly #draw = (): void => {
    if (this.element.hidden) return;
    const { curves } = this.#page;
    this.#theme ??= readTheme();
    this.#scene = buildScene(
      this.#spec,
      curves,
      this.#page.references(this.#spec),
      this.#settings,
      this.#page.marks(this.#spec),
    );
    this.element.classList.toggle('no-points', this.#scene === null);
    this.#tools.canSave = this.#scene !== null;
    setText(this.#empty, this.#scene ? '' : this.#page.emptyText(this.#spec));
    setText(
      this.#notes,
      this.#scene ? [this.#page.missingText(this.#spec), ...this.#scene.notes].join(' ').trim() : '',
    );
    if (this.#scene) {
      this.#plot.show(this.#scene, this.#theme);
      this.#cursor.refresh(this.#scene.x);
    }
    if (this.#settings.table) this.#tableTimer ??= setTimeout(this.#showTable, TABLE_INTERVAL);
  };

  readonly #showTable = (): void => {
    clearTimeout(this.#tableTimer);
    this.#tableTimer = undefined;
    this.#table.show(this.#page.curves);
  };

  #change(changed: Partial<ChartSettings>): void {
    this.#settings = { ...this.#settings, ...changed };
    this.#page.settingsChanged(this.#spec, this.#settings);
    this.#showSettings();
    if (changed.table) this.#showTable();
    this.refresh();
  }

  #showSettings(): void {
    this.#tools.show(this.#settings);
    this.#table.element.hidden = !this.#settings.table;
    const smoothing = describeSmoothing(this.#spec, this.#settings.smoothing);
    this.#legend.replaceChildren(
      ...this.#spec.lines.map((line) => h('li', {}, swatch(line.color, line.dash), line.label)),
      ...(smoothing ? [h('li', {}, smoothing)] : []),
    );
  }

  #saveCsv(): void {
    if (this.#page.saveCsv) this.#page.saveCsv();
    else this.#page.saveFile('csv', this.#spec.title, pointsCsv(this.#spec, this.#page.curves));
  }

  #save(format: 'png' | 'svg' | 'csv'): void {
    if (format === 'csv') return this.#saveCsv();
    const scene = this.#drawn();
    const theme = this.#theme ?? readTheme();
    const { canvas } = this.#plot;
    const content = format === 'png' ? takePng(canvas, scene, theme) : writeSvg(scene, svgStyle(canvas, theme));
    this.#page.saveFile(format, this.#spec.title, content);
  }

  #savePicture(format: 'png' | 'svg', options: PictureOptions): void {
    const { width, height, theme } = options;
    const content =
      format === 'png'
        ? base64Of(this.#pictureOf(options))
        : writeSvg(this.#drawn(), { ...pictureTheme(readTheme(), theme), width, height });
    this.#page.saveFile(format, describePicture(this.#spec.title, options), content);
  }

  #pictureOf(options: PictureOptions): HTMLCanvasElement {
    return drawPicture(this.#drawn(), pictureTheme(readTheme(), options.theme), options);
  }

  async #animate(options: AnimationOptions, progress: (done: number, of: number) => void): Promise<void> {
    const spec = this.#spec;
    const page = this.#page;
    const animation = await animateChart(
      {
        scene: this.#drawn(),
        through: growsThroughTraining(spec) ? null : (page.throughTraining?.(spec) ?? null),
        build: (curves, change) =>
          buildScene(spec, curves, page.references(spec), { ...this.#settings, ...change }, page.marks(spec)),
      },
      options,
      progress,
    );
    page.saveFile('png', describePicture(l10n.t('{0}, animation', spec.title), options), animation);
  }

  #drawn(): Scene {
    if (!this.#scene) throw new Error(`The chart "${this.#spec.title}" has no points to save.`);
    return this.#scene;
  }
}
