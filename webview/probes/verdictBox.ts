import * as l10n from '@vscode/l10n';
import { type Flow, flowFinding } from '../../src/protocol/flow.ts';
import type { Probe } from '../../src/protocol/probes.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import type { Finding } from '../../src/protocol/verdicts.ts';
import { h, setText } from '../dom.ts';
import { describeLayer } from './describeProbe.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Box with the headline of a probe, the verdicts that hold with their evidence, and facts that are no alarms. */
export class VerdictBox {
  readonly element: HTMLElement;
  readonly #title = h('h2');
  readonly #reasons = h('ul', { class: 'reasons' });
  readonly #announcement = h('p', { class: 'unseen', role: 'status' });
  #announced = '';

  constructor() {
    this.element = h(
      'section',
      { class: 'verdict-box', 'aria-label': l10n.t('Verdict') },
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
   * Shows the verdicts of a probe. Announces the headline, with the flow of one layer, if the user has selected the
   * probe or the headline differs from the last one; not for every probe of a training run.
   * @param chosen true if the user has selected the probe
   */
  show(
    { verdict, verdicts, facts, flow: all }: Pick<Probe, 'verdict' | 'verdicts' | 'facts' | 'flow'>,
    flow: Flow,
    chosen: boolean,
  ): void {
    const title = say(verdictLabels[verdict]);
    this.element.dataset.verdict = verdict;
    setText(this.#title, title);
    this.#reasons.replaceChildren(
      ...verdicts.map((finding) => h('li', { class: 'finding' }, sentenceOf(finding, all.length > 1))),
      ...facts.map(({ sentence }) => h('li', { class: 'fact' }, say(sentence))),
    );
    if (chosen || verdict !== this.#announced)
      setText(this.#announcement, `${title}. ${say(flowFinding(flow).sentence)}`);
    this.#announced = verdict;
  }
}

/** The evidence of a verdict, with its layer where there are several. */
function sentenceOf({ layer, direction, sentence }: Finding, several: boolean): string {
  return several && layer !== null && direction !== null
    ? `${describeLayer({ layer, direction })}: ${say(sentence)}`
    : say(sentence);
}
