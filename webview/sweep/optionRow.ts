import { h, setText } from '../dom.ts';
import type { SweepFormRequest } from '../../src/protocol/sweepForm.ts';
import type { SweepOption } from './options.ts';

/** One option of a sweep: label, control, explanation, and the reason why its value is not allowed. */
export class OptionRow {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement | HTMLSelectElement;
  readonly #problem: HTMLElement;

  constructor(option: SweepOption, request: SweepFormRequest, change: (value: string) => void) {
    const id = `option-${option.key}`;
    const described = { 'aria-describedby': `${id}-problem ${id}-about` };
    const choices = option.choices?.(request);
    this.#input = choices
      ? h('select', { id, ...described }, ...choices.map(([value, label]) => h('option', { value }, label)))
      : h('input', { id, type: 'text', size: 10, spellcheck: 'false', autocomplete: 'off', ...described });
    this.#input.addEventListener(choices ? 'change' : 'input', () => change(this.#input.value));
    this.#problem = h('p', { class: 'problem', id: `${id}-problem`, 'aria-live': 'polite' });
    this.element = h(
      'div',
      { class: 'row', 'data-option': option.key },
      h('div', { class: 'head' }, h('label', { for: id }, option.label())),
      h('div', { class: 'control' }, this.#input),
      this.#problem,
      h('p', { class: 'about', id: `${id}-about` }, option.about()),
    );
  }

  show(value: string, problem: string): void {
    if (this.#input.value !== value) this.#input.value = value;
    this.#input.setAttribute('aria-invalid', String(problem !== ''));
    setText(this.#problem, problem);
  }

  focus(): void {
    this.#input.focus();
  }
}
