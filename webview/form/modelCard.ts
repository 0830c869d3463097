import * as l10n from '@vscode/l10n';
import { describeFamily, formatParameterCount, KNOWN } from '../../src/config/describeModel.ts';
import { counted, layersOf, totalOf } from '../../src/config/modelSummary.ts';
import type { RunConfig } from '../../src/config/schema.ts';
import { tasks } from '../../src/config/tasks.ts';
import { h, setText } from '../dom.ts';
import type { Draft } from './draft.ts';

/** The entry of a vocabulary for characters that it does not have. */
const UNKNOWN = 1;

function isOfCharacters({ task }: RunConfig): boolean {
  return task.name === 'language-model' && task.tokens === 'character';
}

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

  show({ valid: config, text }: Pick<Draft, 'valid' | 'text'>): void {
    const layers = layersOf(config);
    const symbols = isOfCharacters(config) ? (text?.symbols ?? 0) + UNKNOWN : UNKNOWN;
    const isKnown = symbols > UNKNOWN;
    this.#table.hidden = layers === undefined;
    setText(
      this.#total,
      !layers
        ? describeFamily(config.model)
        : isKnown
          ? l10n.t('About {0} parameters', counted(totalOf(layers), symbols, symbols).toLocaleString('en'))
          : l10n.t('{0} parameters', formatParameterCount(totalOf(layers))),
    );
    const meaning = layers ? KNOWN[tasks[config.task.name].arrangement] : '';
    setText(
      this.#known,
      isKnown ? l10n.t('{0} The text has about {1} different characters, with <unk>.', meaning, symbols) : meaning,
    );
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
