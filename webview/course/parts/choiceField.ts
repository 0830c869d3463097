import { h } from '../../dom.ts';

/** A labeled choice of one of a few values. */
export class ChoiceField<T extends string> {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;

  /**
   * @param names names on screen by value, in their order
   * @param change called with a value that the user has chosen
   */
  constructor(id: string, label: string, names: Readonly<Record<T, string>>, change: (value: T) => void) {
    const values = Object.keys(names) as T[];
    this.#select = h('select', { id }, ...values.map((value) => h('option', { value }, names[value])));
    this.element = h('span', { class: 'field' }, h('label', { for: id }, label), this.#select);
    this.#select.addEventListener('change', () => {
      const chosen = values.find((value) => value === this.#select.value);
      if (chosen !== undefined) change(chosen);
    });
  }

  show(value: T): void {
    this.#select.value = value;
  }
}
