import * as l10n from '@vscode/l10n';
import { type ConfigField, describedField } from '../../src/config/fields.ts';
import { isNumeric } from '../../src/config/suggestedSpace.ts';
import { say } from '../../src/phrases/phrase.ts';
import { h, setText } from '../dom.ts';
import type { FoundRow } from '../form/allSettings.ts';
import { describeRange, formatValue } from '../form/fieldText.ts';
import { labelOf } from '../form/labels.ts';
import { type Condition, type FieldInput, type Kind, KINDS, type OfferedField } from './triedFields.ts';

export interface SpaceRowOptions {
  readonly field: ConfigField;
  readonly change: (input: Partial<FieldInput>) => void;
}

const kindLabels: Readonly<Record<Kind, () => string>> = {
  values: () => l10n.t('Values'),
  linear: () => l10n.t('Range, linear'),
  log: () => l10n.t('Range, logarithmic'),
};

/** Texts of a field that are typed. */
const TEXTS = ['values', 'low', 'high', 'points'] as const;
type TextKey = (typeof TEXTS)[number];

/** One field: a check box that says whether it is tried, and its values, conditions and problem while it is. */
export class SpaceRow implements FoundRow {
  readonly element: HTMLElement;
  readonly #id: string;
  readonly #label: string;
  readonly #change: (input: Partial<FieldInput>) => void;
  readonly #tried: HTMLInputElement;
  readonly #kind: HTMLSelectElement;
  readonly #texts: Readonly<Record<TextKey, HTMLInputElement>>;
  /** Parts of the control by the texts that they contain. */
  readonly #parts: Readonly<Record<TextKey, HTMLElement>>;
  readonly #choices: CheckList;
  readonly #conditions = h('details', { class: 'conditions' });
  readonly #conditionLists = h('div', { class: 'space' });
  readonly #space: HTMLElement;
  readonly #present = h('p', { class: 'present' });
  readonly #problem: HTMLElement;
  readonly #search: string;
  /** The lists of the conditions that are shown, by the paths of their fields. */
  #lists = new Map<string, CheckList>();

  constructor({ field, change }: SpaceRowOptions) {
    const { path } = field;
    this.#change = change;
    this.#label = labelOf(path);
    this.#id = `field-${path.replaceAll('.', '-')}`;
    this.#problem = h('p', { class: 'problem', id: `${this.#id}-problem`, 'aria-live': 'polite' });
    this.#tried = h('input', { id: this.#id, type: 'checkbox', 'aria-describedby': `${this.#id}-about` });
    this.#tried.addEventListener('change', () => change({ isTried: this.#tried.checked }));
    this.#kind = h(
      'select',
      { 'aria-label': l10n.t('Kind of values of {0}', this.#label) },
      ...KINDS.map((kind) => h('option', { value: kind }, kindLabels[kind]())),
    );
    this.#kind.addEventListener('change', () => {
      const kind = KINDS.find((each) => each === this.#kind.value);
      if (kind) change({ kind });
    });
    this.#texts = {
      values: this.#text('values', l10n.t('Values of {0}', this.#label), 24),
      low: this.#text('low', l10n.t('Smallest value of {0}', this.#label), 8),
      high: this.#text('high', l10n.t('Largest value of {0}', this.#label), 8),
      points: this.#text('points', l10n.t('Number of values of {0}', this.#label), 3),
    };
    const hint = isNumeric(field.type) ? l10n.t('with commas between them') : l10n.t('with semicolons between them');
    this.#parts = {
      values: h('span', { class: 'part' }, this.#texts.values, h('span', { class: 'about' }, hint)),
      low: h('span', { class: 'part' }, l10n.t('Smallest'), this.#texts.low),
      high: h('span', { class: 'part' }, l10n.t('Largest'), this.#texts.high),
      points: h('span', { class: 'part' }, l10n.t('Number'), this.#texts.points),
    };
    this.#choices = new CheckList(l10n.t('Values of {0}', this.#label), `${this.#id}-problem`, (choices) =>
      change({ choices }),
    );
    this.#conditions.append(h('summary', {}, l10n.t('Conditions')), this.#conditionLists);
    this.#space = h(
      'div',
      { class: 'space' },
      h('div', { class: 'control' }, this.#kind, ...Object.values(this.#parts)),
      this.#choices.element,
      this.#conditions,
    );
    const description = say(describedField(field));
    this.element = h(
      'div',
      { class: 'row', 'data-field': path },
      h('div', { class: 'head' }, h('label', { title: path }, this.#tried, this.#label), this.#present),
      this.#space,
      this.#problem,
      h(
        'p',
        { class: 'about', id: `${this.#id}-about` },
        `${description} `,
        h('span', { class: 'range' }, `${describeRange(field)}.`),
      ),
    );
    this.#search = `${this.#label} ${path} ${description}`.toLowerCase();
  }

  /** @param isGrid whether a range needs its number of values */
  show(offered: OfferedField, problem: string, isGrid: boolean): void {
    const { field, value, isTried, kind, listed, input, conditions } = offered;
    const isRange = kind === 'linear' || kind === 'log';
    const isWrong = problem !== '';
    this.#tried.checked = isTried;
    this.element.classList.toggle('changed', isTried);
    setText(this.#present, formatValue(field, value));
    this.#space.hidden = !isTried;
    this.#kind.hidden = kind === 'choices' || !isNumeric(field.type);
    if (kind !== 'choices') this.#kind.value = kind;
    const shown: Readonly<Record<TextKey, boolean>> = {
      values: kind === 'values',
      low: isRange,
      high: isRange,
      points: isRange && isGrid,
    };
    for (const key of TEXTS) {
      this.#parts[key].hidden = !shown[key];
      if (this.#texts[key].value !== input[key]) this.#texts[key].value = input[key];
      this.#texts[key].setAttribute('aria-invalid', String(isWrong));
    }
    this.#choices.element.hidden = kind !== 'choices';
    this.#choices.show(
      listed.map((each) => ({ value: each, isChecked: input.choices.includes(each) })),
      isWrong,
    );
    this.#showConditions(isTried ? conditions : [], isWrong);
    setText(this.#problem, problem);
  }

  matches(words: readonly string[]): boolean {
    return words.every((word) => this.#search.includes(word));
  }

  /** Moves the focus to the values, or to the check box of a field that is not tried. */
  focus(): void {
    const inputs = [...this.#space.querySelectorAll('input')];
    const first = this.#space.hidden ? undefined : inputs.find((input) => input.closest('[hidden]') === null);
    (first ?? this.#tried).focus();
  }

  #text(key: TextKey, label: string, size: number): HTMLInputElement {
    const input = h('input', {
      type: 'text',
      size,
      spellcheck: 'false',
      autocomplete: 'off',
      'aria-label': label,
      'aria-describedby': `${this.#id}-problem`,
      'data-part': key,
    });
    input.addEventListener('input', () => this.#change({ [key]: input.value }));
    return input;
  }

  #showConditions(conditions: readonly Condition[], isWrong: boolean): void {
    const lists = new Map(
      conditions.map(({ path }) => [path, this.#lists.get(path) ?? this.#conditionList(path)] as const),
    );
    if ([...lists.keys()].join() !== [...this.#lists.keys()].join())
      this.#conditionLists.replaceChildren(...[...lists.values()].map(({ element }) => element));
    this.#lists = lists;
    this.#conditions.hidden = conditions.length === 0;
    const isStrict = conditions.some(({ options }) => options.some(({ isMet }) => !isMet));
    if (isStrict) this.#conditions.open = true;
    for (const { path, options } of conditions)
      lists.get(path)?.show(
        options.map(({ value, isMet }) => ({ value: String(value), isChecked: isMet })),
        isWrong,
      );
  }

  #conditionList(path: string): CheckList {
    return new CheckList(l10n.t('Only with {0}', labelOf(path)), `${this.#id}-problem`, (values) =>
      this.#change({ when: { [path]: [...values] } }),
    );
  }
}

/** A value with a check box. */
interface CheckItem {
  readonly value: string;
  readonly isChecked: boolean;
}

/** Check boxes of values under a legend. A box that stays keeps the focus. */
class CheckList {
  readonly element: HTMLFieldSetElement;
  readonly #boxes = h('div', { class: 'boxes' });
  readonly #change: (checked: string[]) => void;
  #values = '';

  constructor(legend: string, describedBy: string, change: (checked: string[]) => void) {
    this.#change = change;
    this.element = h('fieldset', { 'aria-describedby': describedBy }, h('legend', {}, legend), this.#boxes);
  }

  show(items: readonly CheckItem[], isWrong: boolean): void {
    const values = JSON.stringify(items.map(({ value }) => value));
    if (values !== this.#values) this.#boxes.replaceChildren(...items.map(({ value }) => this.#box(value)));
    this.#values = values;
    this.element.classList.toggle('wrong', isWrong);
    for (const [i, input] of this.#inputs.entries()) input.checked = items[i]?.isChecked ?? false;
  }

  get #inputs(): HTMLInputElement[] {
    return [...this.#boxes.querySelectorAll('input')];
  }

  #box(value: string): HTMLElement {
    const input = h('input', { type: 'checkbox', value });
    input.addEventListener('change', () =>
      this.#change(this.#inputs.filter(({ checked }) => checked).map((each) => each.value)),
    );
    return h('label', { translate: 'no' }, input, value);
  }
}
