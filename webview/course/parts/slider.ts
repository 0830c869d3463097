import { h, setText } from '../../dom.ts';

export interface SliderOptions {
  /** Id of the input. */
  readonly id: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Formats the value for screen and screen reader. */
  readonly format: (value: number) => string;
  /** Called at each change while the slider moves. */
  readonly change: (value: number) => void;
}

/** A labeled slider with its value. */
export class Slider {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #value: HTMLOutputElement;
  readonly #format: (value: number) => string;

  constructor({ id, label, min, max, step, format, change }: SliderOptions) {
    this.#format = format;
    this.#input = h('input', { type: 'range', id, min, max, step });
    this.#value = h('output', { for: id });
    this.element = h('span', { class: 'field' }, h('label', { for: id }, label), this.#input, this.#value);
    this.#input.addEventListener('input', () => {
      this.#describe();
      change(Number(this.#input.value));
    });
  }

  show(value: number): void {
    this.#input.value = String(value);
    this.#describe();
  }

  #describe(): void {
    const text = this.#format(Number(this.#input.value));
    setText(this.#value, text);
    this.#input.setAttribute('aria-valuetext', text);
  }
}
