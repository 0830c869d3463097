import * as l10n from '@vscode/l10n';
import { formatParameterCount } from '../../src/config/describeModel.ts';
import { layersOf } from '../../src/config/modelSummary.ts';
import { say } from '../../src/phrases/phrase.ts';
import { h, untranslatedName } from '../dom.ts';
import type { PicturedModel } from './modelGraph.ts';

/** Table of the layers of a model with their shapes and parameters. Hidden for models without layers. */
export class ModelTable {
  readonly element: HTMLElement;
  readonly #rows = h('tbody');

  constructor() {
    const heads = [l10n.t('Layer'), l10n.t('Output shape'), l10n.t('Parameters')];
    this.element = h(
      'div',
      { class: 'points model-table', role: 'region', tabindex: 0, 'aria-label': l10n.t('Layers') },
      h('table', {}, h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))), this.#rows),
    );
  }

  show(model: PicturedModel): void {
    const layers = layersOf(model);
    this.element.hidden = layers === undefined;
    this.#rows.replaceChildren(
      ...(layers ?? []).map(({ name, title = name, shape, parameters }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', ...untranslatedName(title) }, say(title)),
          h('td', { translate: 'no' }, shape),
          h('td', { class: 'number' }, formatParameterCount(parameters)),
        ),
      ),
    );
  }
}
