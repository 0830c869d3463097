import * as l10n from '@vscode/l10n';
import type { RecurrentLayer, UnitSort } from '../../../src/protocol/inspection.ts';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { button, h } from '../../dom.ts';
import { describeLayer } from '../../probes/describeProbe.ts';
import type { GatesChoice, ShownChoice } from './gatesChoice.ts';
import { say } from '../../../src/phrases/phrase.ts';

const SORTS: Readonly<Record<UnitSort, string>> = {
  index: l10n.t('unit number'),
  saturation: l10n.t('saturation'),
  memory: l10n.t('memory length'),
  letters: l10n.t('correlation with letters'),
  capitals: l10n.t('correlation with capitals'),
  digits: l10n.t('correlation with digits'),
  spaces: l10n.t('correlation with spaces'),
  punctuation: l10n.t('correlation with punctuation'),
  quotes: l10n.t('correlation with quotes'),
  newlines: l10n.t('correlation with line breaks'),
};

const TOKENS = [50, 100, 250, 500];

/** Controls of the tab "Gates": layer and direction, activations, order of the units, number of tokens. */
export class GatesControls {
  readonly element: HTMLElement;
  readonly #onChange: (change: Partial<GatesChoice>) => void;
  readonly #layer = h('select', { id: 'gates-layer' });
  readonly #sort = h(
    'select',
    { id: 'gates-sort' },
    ...Object.entries(SORTS).map(([value, label]) => h('option', { value }, label)),
  );
  readonly #tokens = h(
    'select',
    { id: 'gates-tokens' },
    h('option', { value: 'fit' }, l10n.t('as many as fit')),
    ...TOKENS.map((count) => h('option', { value: count }, l10n.t('{0} characters', count))),
  );
  readonly #activations = h('span', { class: 'tool-group', role: 'group', 'aria-label': l10n.t('Activations shown') });
  #layers: readonly RecurrentLayer[] = [];
  #choice: GatesChoice | null = null;

  /** @param onChange called with each changed selection */
  constructor(onChange: (change: Partial<GatesChoice>) => void) {
    this.#onChange = onChange;
    const field = (select: HTMLSelectElement, label: string) =>
      h('span', { class: 'field' }, h('label', { for: select.id }, label), select);
    this.element = h(
      'div',
      { class: 'gates-controls', role: 'group', 'aria-label': l10n.t('Gates: view') },
      field(this.#layer, l10n.t('Layer')),
      this.#activations,
      field(this.#sort, l10n.t('Sort units by')),
      field(this.#tokens, l10n.t('Around the cursor')),
    );
    this.#layer.addEventListener('change', () => {
      const layer = this.#layers[this.#layer.selectedIndex];
      if (layer) onChange({ layer: layer.layer, direction: layer.direction });
    });
    this.#sort.addEventListener('change', () => onChange({ sort: this.#sort.value as UnitSort }));
    this.#tokens.addEventListener('change', () =>
      onChange({ tokens: this.#tokens.value === 'fit' ? 'fit' : Number(this.#tokens.value) }),
    );
  }

  show(choice: GatesChoice, shown: ShownChoice, layers: readonly RecurrentLayer[]): void {
    if (layers !== this.#layers) {
      this.#layer.replaceChildren(
        ...layers.map(({ layer, direction, cell, units }) =>
          h('option', {}, `${describeLayer({ layer, direction })} (${cell.toUpperCase()}, ${units})`),
        ),
      );
    }
    this.#layers = layers;
    this.#layer.selectedIndex = layers.indexOf(shown.layer);
    this.#sort.value = choice.sort;
    this.#tokens.value = String(choice.tokens);
    this.#showActivations(choice, shown);
  }

  /** Shows a button for each activation of the layer. Selected activations of other cells stay selected. */
  #showActivations(choice: GatesChoice, { layer, activations }: ShownChoice): void {
    const names = layer.activations;
    const buttons = [...this.#activations.children];
    if (buttons.length !== names.length || buttons.some((each, i) => each.textContent !== labelOf(names[i]))) {
      this.#activations.replaceChildren(
        ...names.map((name) =>
          button(labelOf(name), { class: 'tool', 'data-activation': name }, () => this.#toggle(name)),
        ),
      );
    }
    this.#choice = choice;
    [...this.#activations.children].forEach((each, i) => {
      each.setAttribute('aria-pressed', String(activations.some((name) => name === names[i])));
    });
  }

  #toggle(name: ActivationName): void {
    const chosen = this.#choice?.activations ?? [];
    this.#onChange({ activations: chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name] });
  }
}

function labelOf(name: ActivationName | undefined): string {
  return name ? `${activationNames[name].symbol} ${say(activationNames[name].name)}` : '';
}
