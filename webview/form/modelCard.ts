import * as l10n from '@vscode/l10n';
import { describeFamily, formatParameterCount, KNOWN } from '../../src/config/describeModel.ts';
import { counted, layersOf, totalOf } from '../../src/config/modelSummary.ts';
import type { RunConfig } from '../../src/config/schema.ts';
import { tasks } from '../../src/config/tasks.ts';
import { say } from '../../src/phrases/phrase.ts';
import { h, setText } from '../dom.ts';
import type { Draft } from './draft.ts';
import { ModelPicture } from '../model/modelPicture.ts';
import { ModelTable } from '../model/modelTable.ts';

/** The entry of a vocabulary for characters that it does not have. */
const UNKNOWN = 1;

function isOfCharacters({ task }: RunConfig): boolean {
  return task.name === 'language-model' && task.tokens === 'character';
}

/** Picture, layers, shapes and parameter count of the model that the form describes; they follow the input. */
export class ModelCard {
  readonly element: HTMLElement;
  readonly #total = h('p', { class: 'total', role: 'status' });
  readonly #picture = new ModelPicture();
  readonly #table = new ModelTable();
  readonly #known = h('p', { class: 'about' });

  constructor() {
    this.element = h(
      'aside',
      { class: 'model', 'aria-label': l10n.t('Model') },
      h('h2', {}, l10n.t('Model')),
      this.#total,
      this.#table.element,
      this.#known,
      this.#picture.element,
    );
  }

  show({ valid: config, text }: Pick<Draft, 'valid' | 'text'>): void {
    const layers = layersOf(config);
    const symbols = isOfCharacters(config) ? (text?.symbols ?? 0) + UNKNOWN : UNKNOWN;
    const isKnown = symbols > UNKNOWN;
    this.#picture.show(config);
    this.#table.show(config);
    setText(
      this.#total,
      !layers
        ? describeFamily(config.model)
        : isKnown
          ? l10n.t('About {0} parameters', counted(totalOf(layers), symbols, symbols).toLocaleString('en'))
          : l10n.t('{0} parameters', formatParameterCount(totalOf(layers))),
    );
    const meaning = layers ? say(KNOWN[tasks[config.task.name].arrangement]) : '';
    setText(
      this.#known,
      isKnown ? l10n.t('{0} The text has about {1} different characters, with <unk>.', meaning, symbols) : meaning,
    );
  }
}
