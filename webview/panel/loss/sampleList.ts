import { h } from '../../dom.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { SampleView } from '../../../src/protocol/panel.ts';

/** So many samples stay on screen; the run's folder keeps all. */
const MOST = 50;

/** What the model wrote, newest first. */
export class SampleList {
  readonly element: HTMLElement;
  readonly #list = h('ol', { class: 'samples', reversed: true });
  readonly #empty = h('p', { class: 'empty' }, 'No sample yet.');

  constructor() {
    this.element = h(
      'div',
      { class: 'written', role: 'region', tabindex: '0', 'aria-label': 'Samples, newest first' },
      this.#empty,
      this.#list,
    );
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#empty.hidden = false;
  }

  /** Adds samples, the oldest of them first. */
  append(samples: readonly SampleView[]): void {
    for (const sample of samples.slice(-MOST)) this.#list.prepend(item(sample));
    while (this.#list.children.length > MOST) this.#list.lastElementChild?.remove();
    this.#empty.hidden = this.#list.children.length > 0;
  }
}

/** The prompt is marked apart from what the model wrote. Both are text, whatever they look like. */
function item({ step, temperature, prompt, text }: SampleView): HTMLLIElement {
  const marked = prompt === '' ? [] : [h('mark', { title: 'The prompt' }, prompt)];
  return h(
    'li',
    {},
    h('p', { class: 'sample-head' }, `Step ${formatCount(step)}, temperature ${formatNumber(temperature)}`),
    h('pre', {}, ...marked, text),
  );
}
