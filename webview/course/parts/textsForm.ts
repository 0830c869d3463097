import * as l10n from '@vscode/l10n';
import { lessonTexts, MAX_TEXT_CHARACTERS, MAX_TEXTS } from '../../../src/protocol/lessons/texts.ts';
import { button, h } from '../../dom.ts';

let lastId = 0;

/** Form for sentences, one per line. */
export class TextsForm {
  readonly element: HTMLFormElement;
  readonly #texts = h('textarea', { rows: 4, spellcheck: 'false' });

  /**
   * @param submit receives the sentences without blank lines
   * @param problem receives the reason why sentences cannot be shown
   */
  constructor(submit: (texts: string[]) => void, problem: (message: string) => void) {
    this.#texts.id = `texts-${++lastId}`;
    const show = button(l10n.t('Show'), { class: 'primary' }, () => undefined);
    show.type = 'submit';
    this.element = h(
      'form',
      { class: 'texts' },
      h('label', { for: this.#texts.id }, l10n.t('Sentences, one per line')),
      this.#texts,
      show,
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const texts = this.#texts.value.split('\n').filter((line) => line.trim() !== '');
      if (lessonTexts.safeParse(texts).success) submit(texts);
      else
        problem(
          l10n.t('Enter 1 to {0} sentences of at most {1} characters, one per line.', MAX_TEXTS, MAX_TEXT_CHARACTERS),
        );
    });
  }

  show(texts: readonly string[]): void {
    this.#texts.value = texts.join('\n');
    this.#texts.rows = Math.max(4, texts.length + 1);
  }
}
