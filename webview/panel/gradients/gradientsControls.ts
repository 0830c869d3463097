import type { Probe, ProbeSource } from '../../../src/protocol/probes.ts';
import { button, h, setText } from '../../dom.ts';
import { describeLayer } from '../../probes/describeProbe.ts';
import type { LayerName } from './curves.ts';
import { isLayer } from './curves.ts';

const SOURCES: readonly { readonly source: ProbeSource; readonly words: string; readonly title: string }[] = [
  {
    source: 'batch',
    words: 'Probe batch',
    title: 'The same few sequences of the validation part in every probe of the run',
  },
  {
    source: 'text',
    words: 'Open text',
    title: 'The text around the cursor of the editor, read by the model as it is now',
  },
];

/** What is probed, and which layer is shown. */
export class GradientsControls {
  readonly element: HTMLElement;
  readonly #sources: readonly HTMLButtonElement[];
  readonly #layer = h('select', { id: 'gradients-layer' });
  readonly #again: HTMLButtonElement;
  readonly #words = h('p', { class: 'cost' });
  #layers: readonly LayerName[] = [];

  /** `chooseSource` is asked again with "text" for another probe of it. */
  constructor(chooseSource: (source: ProbeSource) => void, chooseLayer: (layer: LayerName) => void) {
    this.#sources = SOURCES.map(({ source, words, title }) =>
      button(words, { class: 'tool', 'data-source': source, title, 'aria-pressed': 'false' }, () =>
        chooseSource(source),
      ),
    );
    this.#again = button('Probe again', { title: 'Probe the text around the cursor once more' }, () =>
      chooseSource('text'),
    );
    this.#layer.addEventListener('change', () => {
      const layer = this.#layers[this.#layer.selectedIndex];
      if (layer) chooseLayer(layer);
    });
    this.element = h(
      'div',
      { class: 'gradients-controls', role: 'group', 'aria-label': 'Gradients: view' },
      h('span', { class: 'tool-group', role: 'group', 'aria-label': 'What is probed' }, ...this.#sources),
      this.#again,
      h('span', { class: 'field' }, h('label', { for: this.#layer.id }, 'Layer'), this.#layer),
      this.#words,
    );
  }

  /** @param words what was read and what that cost */
  show(source: ProbeSource, { layers }: Probe, shown: LayerName, words: string): void {
    SOURCES.forEach((each, i) => this.#sources[i]?.setAttribute('aria-pressed', String(each.source === source)));
    this.#again.hidden = source !== 'text';
    const names = layers.map(describeLayer);
    if (names.join() !== this.#layers.map(describeLayer).join())
      this.#layer.replaceChildren(...names.map((name) => h('option', {}, name)));
    this.#layers = layers;
    this.#layer.selectedIndex = layers.findIndex((each) => isLayer(each, shown));
    setText(this.#words, words);
  }
}
