import { h, setText } from '../dom.ts';
import type { LayerProbe, Probe } from '../../src/protocol/probes.ts';
import { describeLag, verdictTitle } from './describeProbe.ts';

/** Box with the verdict of a probe and the reasons for it. */
export class VerdictBox {
  readonly element: HTMLElement;
  readonly #title = h('h2');
  readonly #reasons = h('ul', { class: 'reasons' });
  readonly #announcement = h('p', { class: 'unseen', role: 'status' });
  #announced = '';

  constructor() {
    this.element = h(
      'section',
      { class: 'verdict-box', 'aria-label': 'Verdict' },
      this.#title,
      this.#reasons,
      this.#announcement,
    );
  }

  /** Announces the next verdict even if it is the same, for another run. */
  clear(): void {
    this.#announced = '';
  }

  /**
   * Shows the verdict of a probe. Announces it, with the curve of one layer, if the user has selected the probe or the
   * verdict differs from the last one; not for every probe of a training run.
   * @param chosen true if the user has selected the probe
   */
  show(probe: Probe, { lastStep }: LayerProbe, chosen: boolean): void {
    const { verdict, reasons } = probe.verdict;
    const title = verdictTitle(probe);
    this.element.dataset.verdict = verdict;
    setText(this.#title, title);
    this.#reasons.replaceChildren(...reasons.map(({ sentence }) => h('li', {}, sentence)));
    if (chosen || verdict !== this.#announced) setText(this.#announcement, `${title}. ${describeLag(lastStep.h)}`);
    this.#announced = verdict;
  }
}
