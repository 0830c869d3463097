import * as l10n from '@vscode/l10n';
import type { ActivationMap, Inspection, RecurrentLayer } from '../../src/protocol/inspection.ts';
import type { ActivationName } from '../../src/protocol/probes.ts';
import { h } from '../dom.ts';
import { GateMaps } from '../panel/gates/gateMaps.ts';
import { gateScene } from '../panel/gates/gateScene.ts';
import { describeLayer } from '../probes/describeProbe.ts';
import type { PageServices } from './pageServices.ts';

/** Loads the map of an activation of a layer. */
type Load = (layer: RecurrentLayer, activation: ActivationName) => Promise<ActivationMap>;

/** Maps of all gates and states of a layer over a text, with a choice of the layer. */
export class PassageGates {
  readonly element: HTMLElement;
  readonly #maps: GateMaps;
  readonly #select: HTMLSelectElement;
  readonly #field: HTMLElement;
  #shown: { readonly inspection: Inspection; readonly load: Load } | null = null;
  #names = '';

  /**
   * @param id of the choice of the layer
   * @param text names the text for screen readers
   */
  constructor(id: string, text: string, { frames, chartServices }: PageServices) {
    this.#maps = new GateMaps({ frames, chartServices }, () => undefined, text);
    this.#select = h('select', { id });
    this.#field = h('span', { class: 'field', hidden: true }, h('label', { for: id }, l10n.t('Layer')), this.#select);
    this.#select.addEventListener('change', () => void this.#draw());
    this.element = h('div', { class: 'gates' }, this.#field, this.#maps.element);
  }

  async show(inspection: Inspection, load: Load): Promise<void> {
    const { layers } = inspection;
    const names = layers.map(describeLayer);
    if (names.join() !== this.#names) {
      this.#names = names.join();
      this.#select.replaceChildren(...names.map((name) => h('option', {}, name)));
      this.#select.selectedIndex = layers.length - 1;
      this.#field.hidden = layers.length < 2;
    }
    this.#shown = { inspection, load };
    await this.#draw();
  }

  async #draw(): Promise<void> {
    const shown = this.#shown;
    const layer = shown?.inspection.layers[this.#select.selectedIndex];
    if (!shown || !layer) return;
    this.#maps.choose(layer.activations);
    for (const activation of layer.activations) {
      const map = await shown.load(layer, activation);
      if (shown !== this.#shown) return;
      this.#maps.show(
        activation,
        gateScene(activation, map, shown.inspection.tokens, () => []),
      );
    }
  }
}
