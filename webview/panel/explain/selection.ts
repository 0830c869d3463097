/** Quantity that is explained, and its group of terms; null for all groups. */
export interface Selection {
  readonly quantity: string;
  readonly group: number | null;
}

/** Makes an element select what is explained, for pointer and keyboard. */
export function selects(
  element: HTMLElement | SVGElement,
  selection: Selection,
  select: (selection: Selection) => void,
): void {
  element.setAttribute('data-selects', keyOf(selection));
  for (const event of ['pointerenter', 'focus', 'click']) element.addEventListener(event, () => select(selection));
}

/** Marks the elements that select what is explained. */
export function markSelected(root: Element, selection: Selection): void {
  for (const element of root.querySelectorAll('[data-selects]'))
    element.setAttribute('aria-pressed', String(element.getAttribute('data-selects') === keyOf(selection)));
}

function keyOf({ quantity, group }: Selection): string {
  return `${quantity} ${group ?? 'all'}`;
}

/** Renders again, and returns the focus to the element with the same key. */
export function keepingFocus(root: Element, render: () => void): void {
  const focused = root.contains(document.activeElement) ? document.activeElement?.getAttribute('data-key') : undefined;
  render();
  if (focused == null) return;
  const again = [...root.querySelectorAll<HTMLElement | SVGElement>('[data-key]')].find(
    (element) => element.getAttribute('data-key') === focused,
  );
  again?.focus();
}
