import * as l10n from '@vscode/l10n';
import type { ExplainedGradient } from '../../../src/protocol/explain.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { h, setText } from '../../dom.ts';
import { formula } from '../../math/formula.ts';
import { formatValue, signClass } from './numbers.ts';

export interface StepTableContent {
  readonly weight: ExplainedGradient['weight'];
  readonly tokens: readonly string[];
  /** Token after which the loss is; null for a sum of losses. */
  readonly lossAt: number | null;
  /** The explained token. */
  readonly token: number;
}

/** Table of the sum over k of backpropagation through time: what each step contributes to the gradient by a weight. */
export class StepTable {
  readonly element: HTMLElement;
  readonly #sentence = h('p', { class: 'notes' });
  readonly #rows = h('tbody');

  /** @param controls controls that select the weight */
  constructor(controls: HTMLElement) {
    const heads = [
      l10n.t('step k'),
      l10n.t('lag'),
      l10n.t('∂L/∂h⟨k⟩'),
      l10n.t('‖∂L/∂h⟨k⟩‖'),
      l10n.t('of lag 0'),
      l10n.t('factor per step'),
      l10n.t('to this weight'),
      l10n.t('to all, norm'),
    ];
    this.element = h(
      'section',
      { class: 'through-time', 'aria-labelledby': 'explain-steps' },
      h('h2', { id: 'explain-steps' }, l10n.t('Sum over steps: which step contributes what')),
      h('p', { class: 'equation-formula' }, formula('explainThroughTime', true)),
      h(
        'p',
        { class: 'notes' },
        l10n.t('s is the state of the layer, [h; c] for an LSTM and h for the others; U is its recurrent kernel.'),
      ),
      controls,
      this.#sentence,
      h(
        'div',
        { class: 'points steps', role: 'region', tabindex: '0', 'aria-label': l10n.t('Contribution of each step') },
        h(
          'table',
          {},
          h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
          this.#rows,
        ),
      ),
    );
  }

  show({ weight, tokens, lossAt, token }: StepTableContent): void {
    const { steps } = weight;
    const atLoss = lossAt === null ? null : (steps[lossAt]?.hNorm ?? null);
    const largest = steps.reduce((most, step) => Math.max(most, step.norm), 0);
    setText(this.#sentence, describeWeight(weight));
    this.#rows.replaceChildren(
      ...steps
        .map((step, k) => {
          const lag = lossAt === null ? null : lossAt - k;
          const share = atLoss ? step.hNorm / atLoss : null;
          const bar = h('span', { class: 'term-bar norm' });
          bar.style.width = `${largest === 0 ? 0 : (step.norm / largest) * 100}%`;
          return h(
            'tr',
            { ...(k === token && { class: 'explained', 'aria-current': 'step' }) },
            h('th', { scope: 'row' }, `${k + 1} "${visibleToken(tokens[k] ?? '')}"`),
            h('td', {}, lag === null ? '' : String(lag)),
            h('td', {}, formatValue(step.h)),
            h('td', {}, formatValue(step.hNorm)),
            h('td', {}, share === null ? '' : formatValue(share)),
            h('td', {}, share === null || !lag ? '' : formatValue(share ** (1 / lag))),
            h('td', { class: signClass(step.value) }, formatValue(step.value)),
            h('td', { class: 'bar-cell' }, h('span', {}, formatValue(step.norm)), bar),
          );
        })
        .reverse(),
    );
  }
}

/** Describes a weight, its gradient, and how many steps make up most of it. */
function describeWeight({ value, total, norm, steps }: ExplainedGradient['weight']): string {
  const sum = steps.reduce((all, step) => all + step.norm, 0);
  const sorted = steps.map((step) => step.norm).sort((a, b) => b - a);
  let covered = 0;
  const most = sorted.findIndex((each) => (covered += each) >= 0.9 * sum) + 1;
  return l10n.t(
    'The weight is {0}, and the gradient of the loss by it {1}, the sum of the column "to this weight". The norm by all recurrent weights of the layer is {2}; {3} of {4} steps make up 90 % of the sum of the norms of the steps.',
    formatValue(value),
    formatValue(total),
    formatValue(norm),
    most,
    steps.length,
  );
}
