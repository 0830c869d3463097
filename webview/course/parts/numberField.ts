import * as l10n from '@vscode/l10n';
import { h } from '../../dom.ts';

export interface NumberFieldOptions {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** True if only whole numbers are allowed. */
  readonly whole: boolean;
  readonly change: (value: number) => void;
  /** Shows what is wrong, or nothing if the message is empty. */
  readonly problem: (message: string) => void;
}

let lastId = 0;

/** Field for a number in a range. */
export class NumberField {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;

  constructor({ label, min, max, whole, change, problem }: NumberFieldOptions) {
    const id = `number-${++lastId}`;
    this.#input = h('input', { id, type: 'text', inputmode: whole ? 'numeric' : 'decimal', size: 7 });
    this.element = h('span', { class: 'field' }, h('label', { for: id }, label), this.#input);
    this.#input.addEventListener('change', () => {
      const value = Number(this.#input.value.replace(',', '.'));
      const valid =
        this.#input.value.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value));
      this.#input.setAttribute('aria-invalid', String(!valid));
      problem(
        valid
          ? ''
          : whole
            ? l10n.t('{0} must be a whole number from {1} to {2}.', label, min, max)
            : l10n.t('{0} must be a number from {1} to {2}.', label, min, max),
      );
      if (valid) change(value);
    });
  }

  show(value: number): void {
    this.#input.value = String(value);
  }
}
