import * as l10n from '@vscode/l10n';
import { h } from '../../dom.ts';

let lastId = 0;

/** Splits names that are separated by commas or spaces. */
export function namesOf(text: string): string[] {
  return text.split(/[,\s]+/).filter((name) => name !== '');
}

/**
 * Field for different names.
 * @param change receives the names when the user has finished typing them
 * @param problem receives the reason why the names cannot be used, or an empty message
 */
export function namesField(
  label: string,
  max: number,
  change: (names: string[]) => void,
  problem: (message: string) => void,
): { readonly element: HTMLElement; readonly input: HTMLInputElement } {
  const id = `names-${++lastId}`;
  const input = h('input', { id, type: 'text', size: 28, spellcheck: 'false' });
  input.addEventListener('change', () => {
    const names = namesOf(input.value);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    const message =
      names.length < 1 || names.length > max
        ? l10n.t('{0}: enter 1 to {1} names, separated by commas.', label, max)
        : twice !== undefined
          ? l10n.t('{0}: the name "{1}" occurs twice.', label, twice)
          : '';
    problem(message);
    if (message === '') change(names);
  });
  return { element: h('span', { class: 'field' }, h('label', { for: id }, label), input), input };
}
