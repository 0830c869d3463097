import * as l10n from '@vscode/l10n';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { h } from '../../dom.ts';

/** Choice of the seed whose runs are drawn, if a lesson was trained with several: the newest, until the user chooses. */
export class SeedChoice {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;
  #seeds: readonly number[] = [];
  #chosen: number | undefined;

  constructor(lesson: string, change: () => void) {
    const id = `${lesson}-seed`;
    this.#select = h('select', { id });
    this.element = h(
      'span',
      { class: 'field', hidden: true },
      h('label', { for: id }, l10n.t('Seed shown')),
      this.#select,
    );
    this.#select.addEventListener('change', () => {
      this.#chosen = Number(this.#select.value);
      change();
    });
  }

  /** The runs of the chosen seed. */
  of(runs: readonly LessonRunView[]): LessonRunView[] {
    const seeds = [...new Set(runs.map(({ seed }) => seed))];
    if (seeds.join() !== this.#seeds.join()) {
      this.#seeds = seeds;
      this.#select.replaceChildren(...seeds.map((seed) => h('option', {}, String(seed))));
    }
    this.element.hidden = seeds.length < 2;
    const shown = this.#chosen !== undefined && seeds.includes(this.#chosen) ? this.#chosen : seeds.at(-1);
    this.#select.value = String(shown);
    return runs.filter(({ seed }) => seed === shown);
  }
}
