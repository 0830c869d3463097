import * as l10n from '@vscode/l10n';
import type { RecurrentLayer } from '../../../src/protocol/inspection.ts';
import { button, h, setText } from '../../dom.ts';
import { describeLayer } from '../../probes/describeProbe.ts';
import { type ExplainChoice, LOSSES } from './explainChoice.ts';

const PASSES = {
  forward: () => l10n.t('Forward'),
  backward: () => l10n.t('Backward'),
} as const;

function lossLabel(loss: (typeof LOSSES)[number]): string {
  if (loss === 'last') return l10n.t('after the last step shown');
  if (loss === 'all') return l10n.t('sum over all steps shown');
  if (loss === '1') return l10n.t('1 step later');
  if (loss === '0') return l10n.t('after this step');
  return l10n.t('{0} steps later', loss);
}

/** Controls of the tab "Explain": layer, unit, pass, loss, and steps along the text. */
export class ExplainControls {
  readonly element: HTMLElement;
  readonly #layer = h('select', { id: 'explain-layer' });
  readonly #unit = h('input', { type: 'number', id: 'explain-unit', min: 0, step: 1 });
  readonly #loss = h(
    'select',
    { id: 'explain-loss' },
    ...LOSSES.map((value) => h('option', { value }, lossLabel(value))),
  );
  readonly #lossField: HTMLElement;
  readonly #passes: readonly (readonly [ExplainChoice['pass'], HTMLButtonElement])[];
  readonly #back: HTMLButtonElement;
  readonly #forth: HTMLButtonElement;
  readonly #place = h('span', { class: 'place', role: 'status' });
  #layers: readonly RecurrentLayer[] = [];

  /**
   * @param onChange called with each changed selection
   * @param onStep called with -1 for the previous token and 1 for the next
   */
  constructor(onChange: (change: Partial<ExplainChoice>) => void, onStep: (by: -1 | 1) => void) {
    const field = (control: HTMLElement, label: string) =>
      h('span', { class: 'field' }, h('label', { for: control.id }, label), control);
    this.#passes = (['forward', 'backward'] as const).map((pass) => [
      pass,
      button(PASSES[pass](), { class: 'tool', 'data-pass': pass }, () => onChange({ pass })),
    ]);
    this.#lossField = field(this.#loss, l10n.t('Loss'));
    this.#back = button(
      '◄',
      {
        'data-step': '-1',
        'aria-label': l10n.t('Previous step'),
        title: l10n.t('Previous step (Left Arrow)'),
      },
      () => onStep(-1),
    );
    this.#forth = button(
      '►',
      { 'data-step': '1', 'aria-label': l10n.t('Next step'), title: l10n.t('Next step (Right Arrow)') },
      () => onStep(1),
    );
    this.element = h(
      'div',
      { class: 'gates-controls' },
      h(
        'span',
        { class: 'tool-group', role: 'group', 'aria-label': l10n.t('Pass') },
        ...this.#passes.map(([, each]) => each),
      ),
      field(this.#layer, l10n.t('Layer')),
      field(this.#unit, l10n.t('Unit')),
      this.#lossField,
      h('span', { class: 'field stepper' }, this.#back, this.#forth, this.#place),
    );
    this.#layer.addEventListener('change', () => {
      const layer = this.#layers[this.#layer.selectedIndex];
      if (layer) onChange({ layer: layer.layer, direction: layer.direction });
    });
    this.#unit.addEventListener('change', () => {
      if (this.#unit.validity.valid && this.#unit.value !== '') onChange({ unit: this.#unit.valueAsNumber });
    });
    this.#loss.addEventListener('change', () => {
      const loss = LOSSES.find((each) => each === this.#loss.value);
      if (loss) onChange({ loss });
    });
  }

  show(
    { pass, loss }: ExplainChoice,
    { layer, unit }: { readonly layer: RecurrentLayer; readonly unit: number },
    layers: readonly RecurrentLayer[],
  ): void {
    this.#layers = layers;
    this.#layer.replaceChildren(
      ...layers.map((each) => h('option', {}, `${describeLayer(each)} (${each.cell.toUpperCase()}, ${each.units})`)),
    );
    this.#layer.selectedIndex = layers.indexOf(layer);
    this.#unit.max = String(layer.units - 1);
    if (document.activeElement !== this.#unit) this.#unit.value = String(unit);
    this.#loss.value = loss;
    this.#lossField.hidden = pass !== 'backward';
    for (const [name, each] of this.#passes) each.setAttribute('aria-pressed', String(name === pass));
  }

  /** Shows the place in the text, and whether there is a token before and after it. */
  showPlace(text: string, hasPrevious: boolean, hasNext: boolean): void {
    setText(this.#place, text);
    this.#back.setAttribute('aria-disabled', String(!hasPrevious));
    this.#forth.setAttribute('aria-disabled', String(!hasNext));
  }
}
