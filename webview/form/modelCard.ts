import * as l10n from '@vscode/l10n';
import { describeFamily, formatParameterCount, KNOWN } from '../../src/config/describeModel.ts';
import { layersOf, totalOf } from '../../src/config/modelSummary.ts';
import type { RunConfig } from '../../src/config/schema.ts';
import { tasks } from '../../src/config/tasks.ts';
import { h, setText } from '../dom.ts';

/** Layers, shapes and parameter count of the model that the form describes; they follow the input. */
export class ModelCard {
  readonly element: HTMLElement;
  readonly #total = h('p', { class: 'total', role: 'status' });
  readonly #rows = h('tbody');
  readonly #table: HTMLElement;
  readonly #known = h('p', { class: 'about' });

  constructor() {
    const heads = [l10n.t('Layer'), l10n.t('Output shape'), l10n.t('Parameters')];
    this.#table = h(
      'div',
      { class: 'points', role: 'region', tabindex: 0, 'aria-label': l10n.t('Layers') },
      h('table', {}, h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))), this.#rows),
    );
    this.element = h(
      'aside',
      { class: 'model', 'aria-label': l10n.t('Model') },
      h('h2', {}, l10n.t('Model')),
      this.#total,
      this.#table,
      this.#known,
    );
  }

  show(config: RunConfig): void {
    const layers = layersOf(config);
    this.#table.hidden = layers === undefined;
    setText(
      this.#total,
      layers ? l10n.t('{0} parameters', formatParameterCount(totalOf(layers))) : describeFamily(config.model),
    );
    setText(this.#known, layers ? KNOWN[tasks[config.task.name].arrangement] : '');
    this.#rows.replaceChildren(
      ...(layers ?? []).map(({ name, shape, parameters }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, name),
          h('td', {}, shape),
          h('td', { class: 'number' }, formatParameterCount(parameters)),
        ),
      ),
    );
  }
}
