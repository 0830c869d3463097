import * as l10n from '@vscode/l10n';
import type { ConfigField } from '../../src/config/fields.ts';
import { button, h } from '../dom.ts';
import { type ControlKind, controlKind, type Typed } from './fieldText.ts';

export interface ControlOptions {
  readonly id: string;
  readonly field: ConfigField;
  /** Choices of a field with an enumeration. */
  readonly choices: readonly string[];
  readonly change: (typed: Typed) => void;
  /** Asks for a file; null if the user cancels. */
  readonly chooseFile: () => Promise<string | null>;
}

/** The control of one field. */
export interface Control {
  /** The control and what belongs to it, such as a button "Browse...". */
  readonly elements: readonly HTMLElement[];
  /** The element that has the focus, a label and an error. */
  readonly input: HTMLInputElement | HTMLSelectElement;
  show(typed: Typed): void;
}

function textInput({ id, change }: ControlOptions, attributes: Readonly<Record<string, string | number>>): Control {
  const input = h('input', { id, type: 'text', spellcheck: 'false', autocomplete: 'off', ...attributes });
  input.addEventListener('input', () => change(input.value));
  return {
    elements: [input],
    input,
    show: (typed) => {
      if (input.value !== typed) input.value = String(typed);
    },
  };
}

/** A control of each kind. */
const kinds: Readonly<Record<ControlKind, (options: ControlOptions) => Control>> = {
  number: (options) =>
    textInput(options, { inputmode: options.field.type === 'integer' ? 'numeric' : 'decimal', size: 10 }),
  duration: (options) => textInput(options, { size: 10, placeholder: l10n.t('no limit') }),
  text: (options) => textInput(options, { size: 24 }),
  file: (options) => {
    const text = textInput(options, { size: 24 });
    const browse = button(l10n.t('Browse...'), {}, () => {
      void options.chooseFile().then((path) => {
        if (path === null) return;
        text.show(path);
        options.change(path);
      });
    });
    browse.setAttribute('aria-describedby', `${options.id}-label`);
    return { ...text, elements: [...text.elements, browse] };
  },
  choice: ({ id, choices, change }) => {
    const input = h('select', { id }, ...choices.map((value) => h('option', { value }, value)));
    input.addEventListener('change', () => change(input.value));
    return { elements: [input], input, show: (typed) => void (input.value = String(typed)) };
  },
  check: ({ id, change }) => {
    const input = h('input', { id, type: 'checkbox' });
    input.addEventListener('change', () => change(input.checked));
    return { elements: [input], input, show: (typed) => void (input.checked = typed === true) };
  },
};

/** Creates the control for a field, by its type in the schema. */
export function createControl(options: ControlOptions): Control {
  return kinds[controlKind(options.field)](options);
}
