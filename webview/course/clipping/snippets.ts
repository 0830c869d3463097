import * as l10n from '@vscode/l10n';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { h } from '../../dom.ts';
import { NumberField } from '../parts/numberField.ts';
import { NumberGrid } from '../parts/numberGrid.ts';
import { type ClippedStep, clippedStep, type Way, WAYS } from './clippedStep.ts';

/** The spike that the snippets are applied to. */
export interface ShownSpike {
  /** Name of its run. */
  readonly run: string;
  readonly step: number;
  readonly norm: number;
  readonly learningRate: number;
}

const code = (norm: string): string =>
  [`grad_norm = ${norm}`, 'if grad_norm > threshold:', '    grad *= threshold / grad_norm'].join('\n');

const LECTURE = code('np.sum(grad * grad)');
const RIGHT = code('np.sqrt(np.sum(grad * grad))');

/** The lecture's code beside the right one, and the step that each takes at a spike. */
export class Snippets {
  readonly element: HTMLElement;
  readonly #grid = new NumberGrid(l10n.t('The step at the largest spike'));

  /**
   * @param threshold the first threshold
   * @param change called with a threshold that the user has typed
   */
  constructor(threshold: number, change: (threshold: number) => void, problem: (message: string) => void) {
    const field = new NumberField({
      label: l10n.t('Threshold'),
      min: 0.001,
      max: 1000,
      whole: false,
      change,
      problem,
    });
    field.show(threshold);
    const snippet = (title: string, text: string) =>
      h(
        'figure',
        { class: 'snippet' },
        h('figcaption', {}, title),
        h('pre', { tabindex: '0', 'aria-label': title }, h('code', {}, text)),
      );
    this.element = h(
      'section',
      { class: 'block', 'aria-label': l10n.t('The code') },
      h('h2', {}, l10n.t('The code')),
      h(
        'div',
        { class: 'side-by-side' },
        snippet(l10n.t('On the slide: without the square root'), LECTURE),
        snippet(l10n.t('Right: the L2 norm'), RIGHT),
      ),
      h('div', { class: 'buttons' }, field.element),
      this.#grid.element,
    );
  }

  /** @param spike undefined before a run has one */
  show(threshold: number, spike: ShownSpike | undefined): void {
    this.#grid.element.hidden = spike === undefined;
    if (!spike) return;
    const { run, step, norm, learningRate } = spike;
    const steps = WAYS.map((way) => clippedStep(way, norm, threshold, learningRate));
    this.#grid.show({
      corner: l10n.t('way'),
      rows: WAYS.map((way) => names()[way]),
      columns: [l10n.t('grad_norm'), l10n.t('factor'), l10n.t('norm after it'), l10n.t('length of the step')],
      values: steps.flatMap((each) => [each.computed, each.factor, each.norm, each.step]),
      note: l10n.t(
        '{0}, step {1}: the gradient has a norm of {2}. The learning rate is {3}.',
        run,
        formatCount(step),
        formatNumber(norm),
        formatNumber(learningRate),
      ),
    });
  }
}

const names = (): Readonly<Record<Way, string>> => ({
  none: l10n.t('not clipped'),
  right: l10n.t('with the square root'),
  lecture: l10n.t('without it'),
});

/** What the missing square root changes at a spike. */
export function describeSnippets(threshold: number, { norm, learningRate }: ShownSpike): string {
  const [right, lecture] = (['right', 'lecture'] as const).map((way) =>
    clippedStep(way, norm, threshold, learningRate),
  ) as [ClippedStep, ClippedStep];
  const ratio = right.step / lecture.step;
  if (Math.abs(ratio - 1) < 1e-9)
    return l10n.t(
      'At a norm of {0} and a threshold of {1}, both snippets take the same step.',
      formatNumber(norm),
      formatNumber(threshold),
    );
  return ratio > 1
    ? l10n.t(
        'Without the square root, the step at the largest spike is {0} times shorter than it should be: the larger a gradient, the less the network learns from it.',
        formatNumber(ratio),
      )
    : l10n.t(
        'Without the square root, the step at the largest spike is {0} times longer than it should be.',
        formatNumber(1 / ratio),
      );
}
