import * as l10n from '@vscode/l10n';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationPair, CheckpointReadings } from '../../../src/protocol/difference.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { HeatMap } from '../../charts/heatMap.ts';
import { h, setText } from '../../dom.ts';
import { gateScene, valueOf } from '../gates/gateScene.ts';
import { valueText } from '../gates/valueText.ts';
import type { TabContext } from '../tabs/tab.ts';

/** An activation of two checkpoints on one passage, as heat maps with the same colors, side by side if there is space. */
export class ActivationMaps {
  readonly element: HTMLElement;
  readonly #sides: readonly { readonly heading: HTMLElement; readonly map: HeatMap }[];

  constructor({ frames, chartServices }: Pick<TabContext, 'frames' | 'chartServices'>) {
    this.#sides = ['A', 'B'].map((title) => ({
      heading: h('h3', {}),
      map: new HeatMap({
        title,
        frames,
        saveFile: (format, name, content) => chartServices.saveFile(format, name, content),
      }),
    }));
    const cards = this.#sides.map(({ heading, map }, place) =>
      h('section', { class: 'gate-map', 'data-side': place === 0 ? 'a' : 'b' }, heading, map.element),
    );
    this.element = h('div', { class: 'gate-maps' }, ...cards);
  }

  /** @param heads names of the checkpoints */
  show({ activation, maps }: ActivationPair, { readings }: CheckpointReadings, heads: readonly string[]): void {
    this.#sides.forEach(({ heading, map }, place) => {
      const [own, other] = [maps[place], maps[1 - place]];
      setText(heading, `${say(activationNames[activation].name)}, ${heads[place] ?? ''}`);
      if (!own) return map.show(null, l10n.t('This model does not have it.'));
      // The rows of the maps are their units in order.
      const details = (unit: number, token: number) =>
        other && unit < other.units && token < other.timeSteps
          ? [`${heads[1 - place] ?? ''}: ${valueText(valueOf(other, { row: unit, column: token }), 2)}`]
          : [];
      map.show(gateScene(activation, own, readings[place]?.tokens ?? [], details));
    });
  }
}
