import * as l10n from '@vscode/l10n';
import { onThemeChange, readTheme } from '../charts/theme.ts';
import { button, h } from '../dom.ts';
import { drawModel, modelPng } from './modelDrawing.ts';
import { describeGraph, modelGraph, type PicturedModel } from './modelGraph.ts';
import { layOutModel } from './modelLayout.ts';

/** Saves a picture under a title. */
type Save = (format: 'png' | 'svg', title: string, content: string) => void;

/** Picture of a model, unrolled over time: layers, shapes, parameters and states. Hidden for models without layers. */
export class ModelPicture {
  readonly element: HTMLElement;
  readonly #scroll = h('div', {
    class: 'model-scroll',
    role: 'region',
    tabindex: '0',
    translate: 'no',
    'aria-label': l10n.t('Picture of the model'),
  });
  #shown: PicturedModel | null = null;
  #drawn = '';
  readonly #described: boolean;

  /**
   * @param save saves the picture as a file; omitted for a page that cannot, beside a table that describes the layers
   */
  constructor(save?: Save) {
    this.#described = save !== undefined;
    const tool = (format: 'png' | 'svg', title: string) =>
      button(format.toUpperCase(), { class: 'tool', 'data-tool': format, title }, () => this.#save(format, save));
    const tools = h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': l10n.t('Save the picture of the model as') },
      tool('png', l10n.t('Save the picture as PNG')),
      tool('svg', l10n.t('Save the picture as SVG')),
    );
    this.element = h('div', { class: 'model-picture', hidden: true }, ...(save ? [tools] : []), this.#scroll);
    onThemeChange(() => this.#draw());
  }

  show(model: PicturedModel): void {
    const key = JSON.stringify([model.task.name, model.model]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#shown = model;
    this.#draw();
  }

  get #graph() {
    return this.#shown ? modelGraph(this.#shown) : undefined;
  }

  #draw(): void {
    const graph = this.#graph;
    this.element.hidden = graph === undefined;
    if (graph)
      this.#scroll.replaceChildren(drawModel(layOutModel(graph, this.#described), readTheme(), describeGraph(graph)));
  }

  #save(format: 'png' | 'svg', save: Save | undefined): void {
    const graph = this.#graph;
    const drawing = this.#scroll.firstElementChild;
    if (!graph || !drawing) return;
    const content =
      format === 'svg'
        ? new XMLSerializer().serializeToString(drawing)
        : modelPng(layOutModel(graph, this.#described), readTheme(), Math.max(2, devicePixelRatio));
    save?.(format, l10n.t('Model'), content);
  }
}
