import * as l10n from '@vscode/l10n';
import { h } from '../../dom.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { SampleView } from '../../../src/protocol/panel.ts';

/** Maximum number of samples on screen; the run's folder keeps all. */
const MAX_SAMPLES = 50;

/** List of generated samples, newest first. */
export class SampleList {
  readonly element: HTMLElement;
  readonly #list = h('ol', { class: 'samples', reversed: true });
  readonly #empty = h('p', { class: 'empty' }, l10n.t('No samples yet.'));

  /** @param run names the run for screen readers, on a page with the samples of several */
  constructor(run = '') {
    const name = l10n.t('Samples, newest first');
    this.element = h(
      'div',
      { class: 'written', role: 'region', tabindex: '0', 'aria-label': run === '' ? name : `${name}, ${run}` },
      this.#empty,
      this.#list,
    );
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#empty.hidden = false;
  }

  /** Adds samples. @param samples oldest first */
  append(samples: readonly SampleView[]): void {
    for (const sample of samples.slice(-MAX_SAMPLES)) this.#list.prepend(item(sample));
    while (this.#list.children.length > MAX_SAMPLES) this.#list.lastElementChild?.remove();
    this.#empty.hidden = this.#list.children.length > 0;
  }
}

/** Creates the item of a sample, with the prompt highlighted. Prompt and sample are plain text, never markup. */
function item({ step, temperature, prompt, text }: SampleView): HTMLLIElement {
  const marked = prompt === '' ? [] : [h('mark', { title: l10n.t('Prompt') }, prompt)];
  return h(
    'li',
    {},
    h('p', { class: 'sample-head' }, l10n.t('Step {0}, temperature {1}', formatCount(step), formatNumber(temperature))),
    h('pre', {}, ...marked, text),
  );
}
