import * as l10n from '@vscode/l10n';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { HeatMap } from '../../charts/heatMap.ts';
import type { Cell, HeatMapScene } from '../../charts/heatMapScene.ts';
import { h } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';
import { headingWithHelp } from '../../help.ts';
import { activationTerms } from '../../../src/protocol/glossary/terms.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Heat maps of the selected activations, side by side if there is space. */
export class GateMaps {
  readonly element = h('div', { class: 'gate-maps' });
  readonly #page: Pick<TabContext, 'frames' | 'chartServices'>;
  readonly #onChoose: (cell: Cell) => void;
  readonly #text: string;
  readonly #maps = new Map<ActivationName, { readonly card: HTMLElement; readonly map: HeatMap }>();

  /**
   * @param onChoose called when a cell is clicked, or Enter is pressed on it
   * @param text names the text of the maps for screen readers, on a page with the maps of several texts
   */
  constructor(page: Pick<TabContext, 'frames' | 'chartServices'>, onChoose: (cell: Cell) => void, text = '') {
    this.#page = page;
    this.#onChoose = onChoose;
    this.#text = text;
  }

  /** Selects the activations to show. A map that was shown before keeps its contents until `show`. */
  choose(names: readonly ActivationName[]): void {
    this.element.replaceChildren(...names.map((name) => this.#of(name).card));
  }

  show(name: ActivationName, scene: HeatMapScene | null, empty = ''): void {
    this.#of(name).map.show(scene, empty);
  }

  /** Redraws the maps after the details of their cells have changed. */
  refresh(): void {
    for (const { map } of this.#maps.values()) map.refresh();
  }

  #of(name: ActivationName) {
    const known = this.#maps.get(name);
    if (known) return known;
    const title = say(activationNames[name].name);
    const map = new HeatMap({
      title,
      frames: this.#page.frames,
      saveFile: (format, name, content) => this.#page.chartServices.saveFile(format, name, content),
      onChoose: this.#onChoose,
    });
    map.show(null, l10n.t('Loading the values...'));
    const card = h(
      'section',
      { class: 'gate-map', 'aria-label': this.#text === '' ? title : `${title}, ${this.#text}`, 'data-map': name },
      headingWithHelp(h('h2', {}, `${activationNames[name].symbol}  ${title}`), activationTerms[name]),
      map.element,
    );
    const made = { card, map };
    this.#maps.set(name, made);
    return made;
  }
}
