import { h, setText } from '../dom.ts';
import type { LayerProbe, Probe } from '../../src/protocol/probes.ts';
import { describeLag, verdictTitle } from './describeProbe.ts';

/** The verdict in words, and the numbers it rests on. */
export class VerdictBox {
  readonly element: HTMLElement;
  readonly #title = h('h2');
  readonly #reasons = h('ul', { class: 'reasons' });
  readonly #spoken = h('p', { class: 'unseen', role: 'status' });
  #said = '';

  constructor() {
    this.element = h(
      'section',
      { class: 'verdict-box', 'aria-label': 'Verdict' },
      this.#title,
      this.#reasons,
      this.#spoken,
    );
  }

  /** Another run is shown: its verdict is spoken, be it the same. */
  clear(): void {
    this.#said = '';
  }

  /**
   * Shows what a probe says, and speaks of the curve of one of its layers. It is spoken when the user has chosen the
   * probe, or when the verdict is another one; not with every probe of a run that trains.
   */
  show(probe: Probe, { lastStep }: LayerProbe, chosen: boolean): void {
    const { verdict, reasons } = probe.verdict;
    const title = verdictTitle(probe);
    this.element.dataset.verdict = verdict;
    setText(this.#title, title);
    this.#reasons.replaceChildren(...reasons.map(({ sentence }) => h('li', {}, sentence)));
    if (chosen || verdict !== this.#said) setText(this.#spoken, `${title}. ${describeLag(lastStep.h)}`);
    this.#said = verdict;
  }
}
