import { h } from '../dom.ts';
import type { FieldGroup } from './groups.ts';

/** A row of a list. */
export interface Row {
  readonly element: HTMLElement;
  focus(): void;
}

let lastId = 0;

/** The rows of a group of fields under its heading; hidden while it has none. */
export class FieldList {
  readonly element: HTMLElement;
  readonly group: FieldGroup;
  readonly #rows = h('div', { class: 'rows' });
  #shown: readonly Row[] = [];

  constructor(group: FieldGroup) {
    this.group = group;
    const id = `group-${++lastId}`;
    this.element = h(
      'section',
      { class: 'group', 'aria-labelledby': id, 'data-group': group.id },
      h('h2', { id }, group.title()),
      this.#rows,
    );
  }

  /** Moves the focus to the first row. */
  focus(): void {
    this.#shown[0]?.focus();
  }

  /** Shows rows in their order. A row that stays keeps the focus. */
  show(rows: readonly Row[]): void {
    this.element.hidden = rows.length === 0;
    if (rows.length === this.#shown.length && rows.every((row, i) => row === this.#shown[i])) return;
    const kept = new Set(rows);
    for (const row of this.#shown) if (!kept.has(row)) row.element.remove();
    this.#shown = rows;
    let before: HTMLElement | null = null;
    for (const { element } of rows) {
      const place: Element | null = before ? before.nextElementSibling : this.#rows.firstElementChild;
      if (place !== element) this.#rows.insertBefore(element, place);
      before = element;
    }
  }
}
