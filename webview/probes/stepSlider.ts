import * as l10n from '@vscode/l10n';
import { formatCount } from '../charts/number.ts';
import { button, h, setText } from '../dom.ts';

/** Slider over the steps of the probes of several runs, which moves through all of them at once. */
export class StepSlider {
  readonly element: HTMLElement;
  readonly #choose: (step: number | null) => void;
  readonly #slider = h('input', { type: 'range', min: 0, step: 1, 'aria-label': l10n.t('Step of the probes') });
  readonly #label = h('span', { class: 'scrubbed' });
  readonly #best: HTMLButtonElement;
  #steps: readonly number[] = [];

  /** @param choose receives the step that the user has chosen; null for the best step of each run */
  constructor(choose: (step: number | null) => void) {
    this.#choose = choose;
    this.#best = button(
      l10n.t('Best step'),
      { class: 'tool', title: l10n.t('Show each run at its lowest validation loss'), 'aria-pressed': 'true' },
      () => choose(null),
    );
    this.#slider.addEventListener('input', () => {
      const step = this.#steps[this.#slider.valueAsNumber];
      if (step !== undefined) this.#choose(step);
    });
    this.element = h(
      'div',
      { class: 'scrubber', role: 'group', 'aria-label': l10n.t('Probes of all runs'), hidden: true },
      this.#slider,
      h('div', { class: 'scrubber-label' }, this.#label, this.#best),
    );
  }

  /**
   * @param runs steps of the probes of each run, ascending
   * @param chosen the chosen step; null for the best step of each run
   */
  show(runs: readonly (readonly number[])[], chosen: number | null): void {
    this.#steps = [...new Set(runs.flat())].sort((a, b) => a - b);
    this.element.hidden = this.#steps.length === 0;
    const last = this.#steps.length - 1;
    this.#slider.max = String(last);
    this.#slider.disabled = last < 1;
    const at = chosen === null ? last : this.#steps.findLastIndex((step) => step <= chosen);
    this.#slider.value = String(Math.max(0, at));
    const label =
      chosen === null ? l10n.t('The best step of each run') : l10n.t('All runs at step {0}', formatCount(chosen));
    setText(this.#label, label);
    this.#slider.setAttribute('aria-valuetext', label);
    this.#best.setAttribute('aria-pressed', String(chosen === null));
  }
}
