import * as l10n from '@vscode/l10n';
import { button, h } from '../dom.ts';
import { describeOdds, isExperiment } from '../../src/protocol/advice.ts';
import type { Advice } from '../../src/protocol/verdicts.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Buttons that each start the run with one setting changed. They are disabled while a run is being started. */
export class AdviceList {
  readonly element: HTMLElement;
  readonly #list = h('ul', { class: 'advice' });
  readonly #accept: (index: number) => Promise<void>;
  #shown = '';
  #busy = false;

  /** @param accept starts the run of the advice with the given index; handles its own errors */
  constructor(accept: (index: number) => Promise<void>) {
    this.#accept = accept;
    this.element = h(
      'section',
      { class: 'try-next', 'aria-label': l10n.t('Try next') },
      h('h2', {}, l10n.t('Try next')),
      this.#list,
    );
  }

  /** Shows the advice. Buttons of unchanged advice are kept, so that they keep the focus. */
  show(advice: readonly Advice[]): void {
    this.element.hidden = advice.length === 0;
    const key = JSON.stringify(advice);
    if (this.#shown === key) return;
    this.#shown = key;
    this.#list.replaceChildren(
      ...advice.map((each, index) =>
        h(
          'li',
          {},
          button(say(each.label), { 'aria-describedby': `why-${index}` }, () => void this.#press(index)),
          h('p', { id: `why-${index}`, class: 'why' }, describeAdvice(each)),
        ),
      ),
    );
  }

  async #press(index: number): Promise<void> {
    if (this.#busy) return;
    this.#setBusy(true);
    await this.#accept(index);
    this.#setBusy(false);
  }

  /** Sets `aria-disabled`, because `disabled` would remove the focus. */
  #setBusy(busy: boolean): void {
    this.#busy = busy;
    for (const each of this.#list.querySelectorAll('button')) each.setAttribute('aria-disabled', String(busy));
  }
}

/** The reason for a piece of advice, and how often it helped. */
function describeAdvice(advice: Advice): string {
  const experiment = isExperiment(advice) ? [l10n.t('An experiment.')] : [];
  return [...experiment, say(advice.why), say(describeOdds(advice))].join(' ');
}
