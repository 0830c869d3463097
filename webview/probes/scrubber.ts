import * as l10n from '@vscode/l10n';
import { formatCount } from '../charts/number.ts';
import { button, h, setText } from '../dom.ts';
import type { ProbeList } from './probeList.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import { helpOn } from '../help.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Slider over the probes of a run. It follows the newest probe until it is moved, and again after it is at the end. */
export class Scrubber {
  readonly element: HTMLElement;
  readonly #list: ProbeList;
  readonly #slider = h('input', { type: 'range', min: 0, step: 1, 'aria-label': l10n.t('Probe of the run') });
  readonly #label = h('span', { class: 'scrubbed' });
  readonly #newest: HTMLButtonElement;

  /** @param onMove called after the user has selected a probe */
  constructor(list: ProbeList, onMove: () => void) {
    this.#list = list;
    this.#newest = button(
      l10n.t('Newest'),
      { class: 'tool', title: l10n.t('Follow the newest probe'), 'aria-pressed': 'true' },
      () => this.#choose(list.probes.length - 1, onMove),
    );
    this.#slider.addEventListener('input', () => this.#choose(this.#slider.valueAsNumber, onMove));
    this.element = h(
      'div',
      { class: 'scrubber', role: 'group', 'aria-label': l10n.t('History of the run') },
      this.#slider,
      h('div', { class: 'scrubber-label' }, this.#label, ...helpOn('probe'), this.#newest),
    );
  }

  /** Updates slider and label from the list. */
  show(): void {
    const { probes, index, current, chosen } = this.#list;
    this.element.hidden = !current;
    if (!current) return;
    this.#slider.max = String(probes.length - 1);
    this.#slider.value = String(index);
    this.#slider.disabled = probes.length < 2;
    const step = l10n.t('Step {0}', formatCount(current.step));
    this.#slider.setAttribute('aria-valuetext', `${step}, ${say(verdictLabels[current.verdict])}`);
    const [shown, count] = [formatCount(index + 1), formatCount(probes.length)];
    setText(this.#label, l10n.t('Step {0}, probe {1} of {2}', formatCount(current.step), shown, count));
    this.#newest.setAttribute('aria-pressed', String(chosen === null));
  }

  #choose(index: number, onMove: () => void): void {
    this.#list.choose(index);
    this.show();
    onMove();
  }
}
