import * as l10n from '@vscode/l10n';
import type { GenerationChange } from '../../../src/protocol/generateTab.ts';
import { h } from '../../dom.ts';
import { formatLoss } from '../format.ts';

/** Texts that a beam search has found, best first, with their log probability per token. */
export class BeamList {
  readonly element = h('section', { class: 'beam-list', 'aria-label': l10n.t('Beam search'), hidden: true });

  /** @param sentence comparison of the greedy text with the beam; empty hides the list */
  show(sentence: string, texts: GenerationChange['beam']): void {
    this.element.hidden = sentence === '';
    const items = texts.map(({ text, logProbability }) =>
      h(
        'li',
        {},
        h('code', {}, text),
        h('span', { class: 'notes' }, l10n.t('{0} nats per token', formatLoss(logProbability))),
      ),
    );
    this.element.replaceChildren(h('p', {}, sentence), ...(items.length === 0 ? [] : [h('ol', {}, ...items)]));
  }
}
