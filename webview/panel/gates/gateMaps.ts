import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { HeatMap } from '../../charts/heatMap.ts';
import type { Cell, HeatMapScene } from '../../charts/heatMapScene.ts';
import { h } from '../../dom.ts';
import type { TabSurroundings } from '../tabs/tab.ts';

/** A heat map for each activation that is shown, side by side where there is room. */
export class GateMaps {
  readonly element = h('div', { class: 'gate-maps' });
  readonly #page: TabSurroundings;
  readonly #chosen: (cell: Cell) => void;
  readonly #maps = new Map<ActivationName, { readonly card: HTMLElement; readonly map: HeatMap }>();

  /** `chosen` hears of a click on a cell, or of Enter. */
  constructor(page: TabSurroundings, chosen: (cell: Cell) => void) {
    this.#page = page;
    this.#chosen = chosen;
  }

  /** Shows these activations and no others; a map that was there before keeps its picture until the next. */
  choose(names: readonly ActivationName[]): void {
    this.element.replaceChildren(...names.map((name) => this.#of(name).card));
  }

  show(name: ActivationName, scene: HeatMapScene | null, empty = ''): void {
    this.#of(name).map.show(scene, empty);
  }

  /** What is said about the cells has changed. */
  refresh(): void {
    for (const { map } of this.#maps.values()) map.refresh();
  }

  #of(name: ActivationName) {
    const known = this.#maps.get(name);
    if (known) return known;
    const title = activationNames[name].name;
    const map = new HeatMap({
      title,
      frames: this.#page.frames,
      savePng: (picture, base64) => this.#page.chartServices.saveFile('png', picture, base64),
      onChoose: this.#chosen,
    });
    map.show(null, 'The values are on their way.');
    const card = h(
      'section',
      { class: 'gate-map', 'aria-label': title, 'data-map': name },
      h('h2', {}, `${activationNames[name].symbol}  ${title}`),
      map.element,
    );
    const made = { card, map };
    this.#maps.set(name, made);
    return made;
  }
}
