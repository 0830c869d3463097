import { h } from '../../dom.ts';

/** Selection of one of several values. @param options values with their texts */
export function choice(
  id: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: (value: string) => void,
): HTMLSelectElement {
  const select = h('select', { id }, ...options.map(([value, text]) => h('option', { value }, text)));
  select.addEventListener('change', () => chosen(select.value));
  return select;
}
