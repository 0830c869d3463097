import * as l10n from '@vscode/l10n';
import type { ModelConfig } from '../../../src/config/schema.ts';
import { torchArguments } from '../../../src/config/torchArguments.ts';
import { h, setText } from '../../dom.ts';
import { NumberField } from '../parts/numberField.ts';
import type { LayerInput, LayerSizes, LayerSwitches } from './layerInput.ts';

type Argument = { readonly name: string } & (
  | { readonly size: keyof LayerSizes; readonly min: number; readonly max: number; readonly whole: boolean }
  | { readonly switch: keyof LayerSwitches }
);

/** The arguments of nn.LSTM, in PyTorch's order. */
const ARGUMENTS: readonly Argument[] = [
  { name: 'input_size', size: 'inputSize', min: 1, max: 4096, whole: true },
  { name: 'hidden_size', size: 'hiddenSize', min: 1, max: 4096, whole: true },
  { name: 'num_layers', size: 'layers', min: 1, max: 8, whole: true },
  { name: 'bias', switch: 'bias' },
  { name: 'batch_first', switch: 'batchFirst' },
  { name: 'dropout', size: 'dropout', min: 0, max: 0.95, whole: false },
  { name: 'bidirectional', switch: 'bidirectional' },
  { name: 'proj_size', size: 'projSize', min: 0, max: 4095, whole: true },
];

/** A control that shows its part of the input. */
interface Control {
  readonly element: HTMLElement;
  show(input: LayerInput): void;
}

/** Table of the arguments of nn.LSTM: each with its control, what it does here, and the field that sets it. */
export class ArgumentTable {
  readonly element: HTMLElement;
  readonly #change: (input: LayerInput) => void;
  readonly #problem: (message: string) => void;
  readonly #controls: readonly Control[];
  readonly #abouts: ReadonlyMap<string, HTMLElement>;
  #input: LayerInput | undefined;

  constructor(change: (input: LayerInput) => void, problem: (message: string) => void) {
    this.#change = change;
    this.#problem = problem;
    const rows = ARGUMENTS.map((argument) => {
      const control =
        'size' in argument ? this.#number(argument.name, argument) : this.#check(argument.name, argument.switch);
      return { name: argument.name, control, about: h('td', { class: 'text' }), field: h('td', { class: 'text' }) };
    });
    const sizes = [
      this.#number(l10n.t('Time steps'), { size: 'timeSteps', min: 1, max: 1000, whole: true }),
      this.#number(l10n.t('Sequences in the batch'), { size: 'batch', min: 1, max: 1000, whole: true }),
    ];
    this.#controls = [...rows.map(({ control }) => control), ...sizes];
    this.#abouts = new Map(
      rows.flatMap(({ name, about, field }) => [
        [name, about],
        [`${name} field`, field],
      ]),
    );
    const heads = [l10n.t('argument'), l10n.t('what it does here'), l10n.t('set by')];
    this.element = h(
      'div',
      { class: 'figures' },
      h(
        'div',
        { class: 'points arguments' },
        h(
          'table',
          { class: 'result-table' },
          h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col', class: 'text' }, head)))),
          h(
            'tbody',
            {},
            ...rows.map(({ control, about, field }) =>
              h('tr', {}, h('th', { scope: 'row', class: 'text' }, control.element), about, field),
            ),
          ),
        ),
      ),
      h('div', { class: 'buttons' }, ...sizes.map(({ element }) => element)),
    );
  }

  /** @param model configuration with the same layers */
  show(input: LayerInput, model: ModelConfig): void {
    this.#input = input;
    for (const control of this.#controls) control.show(input);
    for (const { name, about, field } of torchArguments(model)) {
      const [aboutCell, fieldCell] = [this.#abouts.get(name), this.#abouts.get(`${name} field`)];
      if (aboutCell) setText(aboutCell, about);
      if (fieldCell) setText(fieldCell, field ?? l10n.t('nothing: fixed'));
    }
  }

  #number(
    label: string,
    {
      size,
      min,
      max,
      whole,
    }: { readonly size: keyof LayerSizes; readonly min: number; readonly max: number; readonly whole: boolean },
  ): Control {
    const field = new NumberField({
      label,
      min,
      max,
      whole,
      change: (value) =>
        this.#input && this.#change({ ...this.#input, sizes: { ...this.#input.sizes, [size]: value } }),
      problem: this.#problem,
    });
    return { element: field.element, show: ({ sizes }) => field.show(sizes[size]) };
  }

  #check(label: string, name: keyof LayerSwitches): Control {
    const box = h('input', { type: 'checkbox', 'data-argument': label });
    box.addEventListener(
      'change',
      () => this.#input && this.#change({ ...this.#input, switches: { ...this.#input.switches, [name]: box.checked } }),
    );
    return {
      element: h('label', { class: 'field' }, h('span', {}, label), box),
      show: ({ switches }) => {
        box.checked = switches[name];
      },
    };
  }
}
