import * as l10n from '@vscode/l10n';
import { type ConfigField, describedField } from '../../src/config/fields.ts';
import { say } from '../../src/phrases/phrase.ts';
import { button, h, setText } from '../dom.ts';
import { type Control, createControl } from './controls.ts';
import { describeRange, formatValue, showValue, type Typed } from './fieldText.ts';
import { labelOf, unitOf } from './labels.ts';

export interface FieldRowOptions {
  readonly field: ConfigField;
  readonly choices: readonly string[];
  readonly change: (typed: Typed) => void;
  readonly reset: () => void;
  readonly chooseFile: () => Promise<string | null>;
}

/** What a row shows. */
export interface RowState {
  readonly typed: Typed;
  /** Value that the field starts from. */
  readonly reference: unknown;
  readonly isChanged: boolean;
  /** Reason why the value is not allowed; empty if it is. */
  readonly problem: string;
}

/** One field: label, control, unit, explanation, range and default, the reason why a value is not allowed, and a reset. */
export class FieldRow {
  readonly element: HTMLElement;
  readonly field: ConfigField;
  readonly #control: Control;
  readonly #reset: HTMLButtonElement;
  readonly #problem: HTMLElement;
  readonly #search: string;

  constructor({ field, choices, change, reset, chooseFile }: FieldRowOptions) {
    this.field = field;
    const { path } = field;
    const description = say(describedField(field));
    const id = `field-${path.replaceAll('.', '-')}`;
    const label = labelOf(path);
    this.#control = createControl({ id, field, choices, change, chooseFile });
    this.#reset = button('', { class: 'tool reset', hidden: true }, () => {
      reset();
      this.focus();
    });
    this.#reset.setAttribute('aria-describedby', `${id}-label`);
    this.#problem = h('p', { class: 'problem', id: `${id}-problem`, 'aria-live': 'polite' });
    const about = h(
      'p',
      { class: 'about', id: `${id}-about` },
      `${description} `,
      h('span', { class: 'range' }, `${describeRange(field)}.`),
    );
    this.#control.input.setAttribute('aria-describedby', `${id}-problem ${id}-about`);
    const unit = unitOf(path);
    this.element = h(
      'div',
      { class: 'row', 'data-field': path },
      h('div', { class: 'head' }, h('label', { for: id, id: `${id}-label`, title: path }, label), this.#reset),
      h('div', { class: 'control' }, ...this.#control.elements, ...(unit === '' ? [] : [h('span', {}, unit)])),
      this.#problem,
      about,
    );
    this.#search = `${label} ${path} ${description} ${choices.join(' ')}`.toLowerCase();
  }

  show({ typed, reference, isChanged, problem }: RowState): void {
    this.#control.show(typed);
    this.#control.input.setAttribute('aria-invalid', String(problem !== ''));
    setText(this.#problem, problem);
    this.element.classList.toggle('changed', isChanged);
    this.#reset.hidden = !isChanged;
    setText(this.#reset, l10n.t('Reset to {0}', formatValue(this.field, reference)));
  }

  /** Whether the name or the explanation of the field contains each of some words. */
  matches(words: readonly string[]): boolean {
    return words.every((word) => this.#search.includes(word));
  }

  focus(): void {
    this.#control.input.focus();
  }
}

/** What the control of a field shows if the user has not changed it. */
export function untouched(field: ConfigField, reference: unknown): Typed {
  return showValue(field, reference);
}
