import * as l10n from '@vscode/l10n';
import { button, h } from '../../dom.ts';
import type { Frames } from '../../frames.ts';
import { base64Of, copyPicture } from '../../charts/picture.ts';
import { PictureMenu } from '../../charts/pictureMenu.ts';
import { describePicture, pictureTheme } from '../../charts/pictureThemes.ts';
import { onThemeChange, readTheme, type Theme } from '../../charts/theme.ts';
import { MIN_DRAG } from '../../charts/yGestures.ts';
import type { PlotContext } from './curvesPlot.ts';
import type { RunDrawing } from './runDrawing.ts';
import { drawRunPicture, type RunPicture, runPictureSvg, withHead } from './runPicture.ts';
import { type Box, distance, type Place, type Size } from './runScene.ts';

/** Callbacks of a plot of runs. */
export interface RunPlotOptions {
  readonly frames: Frames;
  readonly title: string;
  /** Selects runs: those that were clicked or dragged over. */
  readonly choose: (ids: readonly string[]) => void;
  /** Called after a drag. @param add whether a key to add to the selection is held */
  readonly dragged: (from: Place, to: Place, size: Size, add: boolean) => void;
  /** Called after a click on no run, and with null for Escape. */
  readonly clicked: (place: Place | null, size: Size) => void;
  readonly saveFile: (format: 'png' | 'svg', title: string, content: string) => void;
}

/**
 * The callbacks of a plot of points: a drag selects the runs in its frame, and a click on none selects none.
 * @param drawing the present drawing, if there is one
 * @param selected the runs that are selected
 */
export function framingOptions(
  { charts }: PlotContext,
  {
    title,
    choose,
    drawing,
    selected,
  }: Pick<RunPlotOptions, 'title' | 'choose'> & {
    readonly drawing: () => FramedDrawing | null;
    readonly selected: () => readonly string[];
  },
): RunPlotOptions {
  return {
    frames: charts.frames,
    title,
    choose,
    dragged: (from, to, size, add) => {
      const drawn = drawing();
      const within = drawn?.runsWithin(drawn.dragged(from, to), size) ?? [];
      choose(add ? [...new Set([...selected(), ...within])] : within);
    },
    clicked: () => choose([]),
    saveFile: (format, name, content) => charts.saveFile(format, name, content),
  };
}

/** A drawing of points, of which a frame contains some. */
interface FramedDrawing {
  dragged(from: Place, to: Place): Box;
  /** Ids of the runs in a box. */
  runsWithin(box: Box, size: Size): string[];
}

const KEYS = l10n.t(
  'Use the arrow keys to go from run to run, Enter to select a run, Space to add it to the selection, and Escape to select none.',
);

/**
 * Plot of runs on a canvas, with a second canvas in front of it for the run at the pointer. For assistive technology it
 * is a slider over the runs with a sentence as its value; a table has the same values.
 */
export class RunPlot {
  readonly element: HTMLElement;
  /** Buttons that save the plot as a picture. */
  readonly tools: HTMLElement;
  readonly #options: RunPlotOptions;
  readonly #base = h('canvas');
  readonly #front = h('canvas');
  readonly #frame: HTMLElement;
  readonly #tooltip = h('div', { class: 'reading', 'aria-hidden': 'true', hidden: true, translate: 'no' });
  #drawing: RunDrawing | null = null;
  #selected: ReadonlySet<string> = new Set();
  #theme: Theme | null = null;
  /** The run at the pointer or at the cursor of the keys. */
  #active: string | null = null;
  #drag: { readonly from: Place; to: Place } | null = null;

  constructor(id: string, options: RunPlotOptions) {
    this.#options = options;
    this.#frame = h(
      'div',
      {
        class: 'plot',
        role: 'slider',
        tabindex: '0',
        'aria-label': options.title,
        'aria-describedby': `keys-${id}`,
        'aria-valuenow': '0',
      },
      this.#base,
      this.#front,
      this.#tooltip,
    );
    this.element = h(
      'div',
      { class: 'plot-frame run-plot', 'data-chart': id },
      this.#frame,
      h('p', { class: 'unseen', id: `keys-${id}` }, KEYS),
    );
    this.tools = this.#pictureTools();
    const frame = this.#frame;
    frame.addEventListener('pointerdown', (event) => this.#press(event));
    frame.addEventListener('pointermove', (event) => this.#move(event));
    frame.addEventListener('pointerup', (event) => this.#release(event));
    frame.addEventListener('pointercancel', () => this.#end());
    frame.addEventListener('pointerleave', () => this.#activate(null));
    frame.addEventListener('blur', () => this.#activate(null));
    frame.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => options.frames.request(this.#draw)).observe(frame);
    onThemeChange(() => {
      this.#theme = null;
      options.frames.request(this.#draw);
    });
  }

  show(drawing: RunDrawing, selected: readonly string[]): void {
    this.#drawing = drawing;
    this.#selected = new Set(selected);
    if (this.#active !== null && !drawing.order.includes(this.#active)) this.#active = null;
    this.#options.frames.request(this.#draw);
  }

  #pictureTools(): HTMLElement {
    const { title, saveFile } = this.#options;
    const saveAs = (format: 'png' | 'svg', name: string) =>
      button(format.toUpperCase(), { class: 'tool', 'data-tool': format, title: name }, () => {
        const size = withHead(this.#size);
        const content =
          format === 'png'
            ? base64Of(drawRunPicture(this.#picture, size, readTheme(), window.devicePixelRatio))
            : runPictureSvg(this.#picture, size, readTheme());
        saveFile(format, title, content);
      });
    const { trigger, element } = new PictureMenu(title, {
      save: (format, options) => {
        const theme = pictureTheme(readTheme(), options.theme);
        const content =
          format === 'png'
            ? base64Of(drawRunPicture(this.#picture, options, theme, 1))
            : runPictureSvg(this.#picture, options, theme);
        saveFile(format, describePicture(title, options), content);
      },
      copy: async (options) =>
        copyPicture(drawRunPicture(this.#picture, options, pictureTheme(readTheme(), options.theme), 1)),
    });
    return h(
      'span',
      { class: 'tool-group', role: 'group', 'aria-label': l10n.t('Save "{0}" as', title) },
      saveAs('png', l10n.t('Save the chart as PNG')),
      saveAs('svg', l10n.t('Save the chart as SVG')),
      trigger,
      element,
    );
  }

  get #picture(): RunPicture {
    const { title } = this.#options;
    if (!this.#drawing) throw new Error(`The plot "${title}" has no runs to save.`);
    return { title, drawing: this.#drawing, selected: this.#selected };
  }

  readonly #draw = (): void => {
    const { width, height } = this.#size;
    if (!this.#drawing || width === 0) return;
    this.#theme ??= readTheme();
    const ctx = cleared(this.#base, { width, height });
    this.#drawing.draw(ctx, { width, height }, this.#theme, this.#selected);
    this.#drawFront();
  };

  readonly #drawFront = (): void => {
    const size = this.#size;
    if (!this.#drawing || !this.#theme || size.width === 0) return;
    const ctx = cleared(this.#front, size);
    if (this.#active !== null) this.#drawing.mark(ctx, size, this.#theme, this.#active);
    if (this.#drag && isDrag(this.#drag))
      fillBox(ctx, this.#drawing.dragged(this.#drag.from, this.#drag.to, size), this.#theme);
    this.#describe(this.#drawing, size);
  };

  get #size(): Size {
    return { width: this.#frame.clientWidth, height: this.#frame.clientHeight };
  }

  #describe(drawing: RunDrawing, size: Size): void {
    const { order } = drawing;
    const place = this.#active === null ? -1 : order.indexOf(this.#active);
    const lines = this.#active === null ? [] : drawing.describe(this.#active);
    const isSelected = this.#active !== null && this.#selected.has(this.#active);
    this.#frame.setAttribute('aria-valuemin', '0');
    this.#frame.setAttribute('aria-valuemax', String(Math.max(0, order.length - 1)));
    this.#frame.setAttribute('aria-valuenow', String(Math.max(0, place)));
    const spoken = isSelected ? [...lines, l10n.t('selected')] : lines;
    this.#frame.setAttribute(
      'aria-valuetext',
      lines.length === 0 ? l10n.t('{0} runs', order.length) : spoken.join(', '),
    );
    const at = this.#active === null ? null : drawing.placeOf(this.#active, size);
    this.#tooltip.hidden = at === null || this.#drag !== null;
    if (!at) return;
    const [name = '', ...values] = lines;
    this.#tooltip.replaceChildren(h('strong', {}, name), ...values.map((line) => h('div', {}, line)));
    const onLeft = at.x > size.width / 2;
    this.#tooltip.style.left = onLeft ? '' : `${at.x + 14}px`;
    this.#tooltip.style.right = onLeft ? `${size.width - at.x + 14}px` : '';
  }

  #activate(id: string | null): void {
    if (id === this.#active) return;
    this.#active = id;
    this.#options.frames.request(this.#drawFront);
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#frame.setPointerCapture(event.pointerId);
    const at = this.#placeOf(event);
    this.#drag = { from: at, to: at };
  }

  #move(event: PointerEvent): void {
    const at = this.#placeOf(event);
    if (this.#drag) {
      this.#drag.to = at;
      this.#options.frames.request(this.#drawFront);
    } else this.#activate(this.#drawing?.runAt(at, this.#size) ?? null);
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag;
    this.#end();
    if (!drag) return;
    const add = event.ctrlKey || event.metaKey || event.shiftKey;
    drag.to = this.#placeOf(event);
    if (isDrag(drag)) return this.#options.dragged(drag.from, drag.to, this.#size, add);
    const id = this.#drawing?.runAt(drag.to, this.#size) ?? null;
    if (id === null) this.#options.clicked(drag.to, this.#size);
    else this.#choose(id, add);
  }

  #end(): void {
    this.#drag = null;
    this.#options.frames.request(this.#drawFront);
  }

  #choose(id: string, add: boolean): void {
    if (!add) return this.#options.choose([id]);
    const ids = new Set(this.#selected);
    if (!ids.delete(id)) ids.add(id);
    this.#options.choose([...ids]);
  }

  #key(event: KeyboardEvent): void {
    const order = this.#drawing?.order ?? [];
    if (event.ctrlKey || event.metaKey || event.altKey || order.length === 0) return;
    const place = this.#active === null ? -1 : order.indexOf(this.#active);
    const goTo = (i: number) => this.#activate(order[Math.min(order.length - 1, Math.max(0, i))] ?? null);
    const choose = (add: boolean) => {
      if (this.#active !== null) this.#choose(this.#active, add);
    };
    const keys: Readonly<Record<string, () => void>> = {
      ArrowRight: () => goTo(place + 1),
      ArrowDown: () => goTo(place + 1),
      ArrowLeft: () => goTo(place - 1),
      ArrowUp: () => goTo(place - 1),
      Home: () => goTo(0),
      End: () => goTo(order.length - 1),
      Enter: () => choose(false),
      ' ': () => choose(true),
      Escape: () => this.#options.clicked(null, this.#size),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #placeOf({ clientX, clientY }: PointerEvent): Place {
    const { left, top } = this.#frame.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

function isDrag({ from, to }: { readonly from: Place; readonly to: Place }): boolean {
  return distance(from, to) >= MIN_DRAG;
}

/** Context of an empty canvas of a size in pixels of the page. */
function cleared(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D {
  const scale = window.devicePixelRatio;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('The browser provides no 2D canvas context for the plot.');
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

function fillBox(ctx: CanvasRenderingContext2D, { left, right, top, bottom }: Box, theme: Theme): void {
  ctx.fillStyle = theme.foreground;
  ctx.strokeStyle = theme.foreground;
  ctx.globalAlpha = 0.15;
  ctx.fillRect(left, top, right - left, bottom - top);
  ctx.globalAlpha = 1;
  ctx.strokeRect(left, top, right - left, bottom - top);
}
