import { HeatMap } from '../../charts/heatMap.ts';
import { h, setText } from '../../dom.ts';
import type { TabSurroundings } from '../tabs/tab.ts';
import type { LayerProbe } from '../../../src/protocol/probes.ts';
import { lagMatrixScene, lagMatrixSentence } from './lagMatrixScene.ts';

const ABOUT =
  "Which step's loss feels which earlier state: a row for the loss of a step, a column for each lag. Colors are logarithmic; a row that fades has lost its gradient on the way back.";

/** The lag matrix as a heat map. */
export class LagMatrixCard {
  readonly element: HTMLElement;
  readonly #sentence = h('p', { class: 'verdict' });
  readonly #map: HeatMap;

  constructor({ frames, chartServices }: TabSurroundings) {
    this.#map = new HeatMap({
      title: 'Lag matrix',
      frames,
      savePng: (title, base64) => chartServices.saveFile('png', title, base64),
    });
    this.element = h(
      'section',
      { class: 'block', 'aria-label': 'Lag matrix' },
      h('h2', {}, 'Lag matrix'),
      h('p', { class: 'about' }, ABOUT),
      this.#sentence,
      this.#map.element,
    );
  }

  /** @param note where the matrix comes from, when that is not the probe shown */
  show(layer: LayerProbe | undefined, note: string): void {
    const scene = layer ? lagMatrixScene(layer.lagMatrix) : null;
    setText(this.#sentence, layer ? [lagMatrixSentence(layer.lagMatrix), note].join(' ').trim() : '');
    this.#map.show(
      scene,
      layer
        ? 'Every norm is zero or not finite.'
        : 'No probe up to this one has measured the lag matrix: every tenth does, and every one on the open text.',
    );
  }

  refresh(): void {
    this.#map.refresh();
  }
}
