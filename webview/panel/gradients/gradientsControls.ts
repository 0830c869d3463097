import * as l10n from '@vscode/l10n';
import { isLayer, type LayerName, type Probe, type ProbeSource } from '../../../src/protocol/probes.ts';
import { button, h, setText } from '../../dom.ts';
import { describeLayer } from '../../probes/describeProbe.ts';
import { FLOW_EXTRAS, type FlowExtra } from '../../probes/lastStepChart.ts';

const SOURCES: readonly { readonly source: ProbeSource; readonly label: string; readonly title: string }[] = [
  {
    source: 'batch',
    label: l10n.t('Validation sequences'),
    title: l10n.t('Sequences spread over the validation part, the same in every probe of the run'),
  },
  {
    source: 'text',
    label: l10n.t('Open text'),
    title: l10n.t("The text around the editor's cursor, read by the current model"),
  },
];

const EXTRAS: Readonly<Record<FlowExtra, string>> = {
  none: l10n.t('None'),
  mean: l10n.t('Root mean square'),
  singles: l10n.t('Single sequences'),
};

/** Controls of the tab "Gradients": source of the probe, and layer. */
export class GradientsControls {
  readonly element: HTMLElement;
  readonly #sources: readonly HTMLButtonElement[];
  readonly #layer = h('select', { id: 'gradients-layer' });
  readonly #extra = h('select', { id: 'gradients-extra' }, ...FLOW_EXTRAS.map((each) => h('option', {}, EXTRAS[each])));
  readonly #again: HTMLButtonElement;
  readonly #description = h('p', { class: 'cost' });
  /** What chooses and describes within a probe. */
  readonly #choices: readonly HTMLElement[];
  #layers: readonly LayerName[] = [];

  /** @param chooseSource called with "text" again for another probe of the open text */
  constructor(
    chooseSource: (source: ProbeSource) => void,
    chooseLayer: (layer: LayerName) => void,
    chooseExtra: (extra: FlowExtra) => void,
  ) {
    this.#sources = SOURCES.map(({ source, label, title }) =>
      button(label, { class: 'tool', 'data-source': source, title, 'aria-pressed': 'false' }, () =>
        chooseSource(source),
      ),
    );
    this.#again = button(l10n.t('Probe again'), { title: l10n.t('Probe the text around the cursor again') }, () =>
      chooseSource('text'),
    );
    this.#layer.addEventListener('change', () => {
      const layer = this.#layers[this.#layer.selectedIndex];
      if (layer) chooseLayer(layer);
    });
    this.#extra.addEventListener('change', () => chooseExtra(FLOW_EXTRAS[this.#extra.selectedIndex] ?? 'none'));
    this.#choices = [
      h('span', { class: 'field' }, h('label', { for: this.#layer.id }, l10n.t('Layer')), this.#layer),
      h('span', { class: 'field' }, h('label', { for: this.#extra.id }, l10n.t('Add curves')), this.#extra),
      this.#description,
    ];
    this.element = h(
      'div',
      { class: 'gradients-controls', role: 'group', 'aria-label': l10n.t('Gradients: view') },
      h('span', { class: 'tool-group', role: 'group', 'aria-label': l10n.t('Source of the probe') }, ...this.#sources),
      this.#again,
      ...this.#choices,
    );
  }

  /**
   * Offers what a run has to choose.
   * @param text whether its model can read the open text; that of another program, whose run is logged, cannot
   * @param stored whether it has probes of its training
   * @param shown whether a probe is shown
   */
  offer({ text, stored, shown }: { readonly text: boolean; readonly stored: boolean; readonly shown: boolean }): void {
    this.#sources.forEach((each, i) => (each.hidden = !text || (SOURCES[i]?.source === 'batch' && !stored)));
    for (const each of this.#choices) each.hidden = !shown;
    if (!shown) this.#again.hidden = true;
  }

  /** @param description size and duration of the probe */
  show(source: ProbeSource, { layers }: Probe, shown: LayerName, extra: FlowExtra, description: string): void {
    SOURCES.forEach((each, i) => this.#sources[i]?.setAttribute('aria-pressed', String(each.source === source)));
    this.#again.hidden = source !== 'text';
    const names = layers.map(describeLayer);
    if (names.join() !== this.#layers.map(describeLayer).join())
      this.#layer.replaceChildren(...names.map((name) => h('option', {}, name)));
    this.#layers = layers;
    this.#layer.selectedIndex = layers.findIndex((each) => isLayer(each, shown));
    this.#extra.selectedIndex = FLOW_EXTRAS.indexOf(extra);
    setText(this.#description, description);
  }
}
