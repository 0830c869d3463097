import * as l10n from '@vscode/l10n';
import { HeatMap } from '../../charts/heatMap.ts';
import type { AnimatedMap } from '../../charts/heatMapScene.ts';
import { h, setText } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';
import type { LayerProbe } from '../../../src/protocol/probes.ts';
import { lagMatrixScene, describeLagMatrix } from './lagMatrixScene.ts';
import { headingWithHelp } from '../../help.ts';

const ABOUT = l10n.t(
  "Norm of the gradient of each step's loss with respect to earlier states: one row per step, one column per lag. Colors are logarithmic. A row that fades shows a vanishing gradient.",
);

/** Card with the lag matrix as a heat map. */
export class LagMatrixCard {
  readonly element: HTMLElement;
  readonly #sentence = h('p', { class: 'verdict' });
  readonly #map: HeatMap;

  /** @param throughTraining measures at most a number of lag matrices through training */
  constructor(
    { frames, chartServices }: TabContext,
    throughTraining: (limit: number) => Promise<readonly AnimatedMap[]>,
  ) {
    this.#map = new HeatMap({
      title: l10n.t('Lag matrix'),
      frames,
      saveFile: (format, title, content) => chartServices.saveFile(format, title, content),
      throughTraining,
    });
    this.element = h(
      'section',
      { class: 'block', 'aria-label': l10n.t('Lag matrix') },
      headingWithHelp(h('h2', {}, l10n.t('Lag matrix')), 'lagMatrix'),
      h('p', { class: 'about' }, ABOUT),
      this.#sentence,
      this.#map.element,
    );
  }

  /** @param note source of the matrix if it is from another probe; else empty */
  show(layer: LayerProbe | undefined, note: string): void {
    const scene = layer ? lagMatrixScene(layer.lagMatrix) : null;
    setText(this.#sentence, layer ? [describeLagMatrix(layer.lagMatrix), note].join(' ').trim() : '');
    this.#map.show(
      scene,
      layer
        ? l10n.t('Every norm is zero or not finite.')
        : l10n.t('Not measured yet. Every tenth probe, and every probe of the open text, measures the lag matrix.'),
    );
  }

  refresh(): void {
    this.#map.refresh();
  }
}
