import { formatCount } from '../charts/number.ts';
import { button, h, setText } from '../dom.ts';
import type { ProbeList } from './probeList.ts';
import { verdictLabels } from './describeProbe.ts';

/**
 * A slider over the probes of a run. It follows the newest until it is moved, and again when it is moved to the end.
 */
export class Scrubber {
  readonly element: HTMLElement;
  readonly #list: ProbeList;
  readonly #slider = h('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Probe of the run' });
  readonly #words = h('span', { class: 'scrubbed' });
  readonly #newest: HTMLButtonElement;

  /** `moved` hears that the user has chosen another probe of the list. */
  constructor(list: ProbeList, moved: () => void) {
    this.#list = list;
    this.#newest = button('Newest', { class: 'tool', title: 'Follow the newest probe', 'aria-pressed': 'true' }, () =>
      this.#choose(list.probes.length - 1, moved),
    );
    this.#slider.addEventListener('input', () => this.#choose(this.#slider.valueAsNumber, moved));
    this.element = h(
      'div',
      { class: 'scrubber', role: 'group', 'aria-label': 'History of the run' },
      this.#slider,
      h('div', { class: 'scrubber-words' }, this.#words, this.#newest),
    );
  }

  /** Brings slider and words up to date with the list. */
  show(): void {
    const { probes, index, current, chosen } = this.#list;
    this.element.hidden = !current;
    if (!current) return;
    this.#slider.max = String(probes.length - 1);
    this.#slider.value = String(index);
    this.#slider.disabled = probes.length < 2;
    const step = `Step ${formatCount(current.step)}`;
    this.#slider.setAttribute('aria-valuetext', `${step}, ${verdictLabels[current.verdict]}`);
    setText(this.#words, `${step}, probe ${formatCount(index + 1)} of ${formatCount(probes.length)}`);
    this.#newest.setAttribute('aria-pressed', String(chosen === null));
  }

  #choose(index: number, moved: () => void): void {
    this.#list.choose(index);
    this.show();
    moved();
  }
}
