import * as l10n from '@vscode/l10n';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { h } from '../../dom.ts';
import type { ExplainChoice } from './explainChoice.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Selects a recurrent weight into the explained unit: its gate, and the unit that it comes from. */
export class WeightControls {
  readonly element: HTMLElement;
  readonly #gate = h('select', { id: 'explain-gate' });
  readonly #from = h('input', { type: 'number', id: 'explain-from', min: 0, step: 1 });

  constructor(onChange: (change: Partial<ExplainChoice>) => void) {
    this.element = h(
      'div',
      { class: 'gates-controls' },
      h('span', { class: 'field' }, h('label', { for: this.#gate.id }, l10n.t('Recurrent weight of')), this.#gate),
      h('span', { class: 'field' }, h('label', { for: this.#from.id }, l10n.t('from unit')), this.#from),
    );
    this.#gate.addEventListener('change', () => {
      const gate = this.#gates.find((each) => each === this.#gate.value);
      if (gate) onChange({ gate });
    });
    this.#from.addEventListener('change', () => {
      if (this.#from.validity.valid && this.#from.value !== '') onChange({ from: this.#from.valueAsNumber });
    });
  }

  #gates: readonly ActivationName[] = [];

  show(gates: readonly ActivationName[], gate: ActivationName, from: number, units: number): void {
    this.#gates = gates;
    this.#gate.replaceChildren(...gates.map((name) => h('option', { value: name }, say(activationNames[name].name))));
    this.#gate.value = gate;
    this.#from.max = String(units - 1);
    if (document.activeElement !== this.#from) this.#from.value = String(from);
  }
}
