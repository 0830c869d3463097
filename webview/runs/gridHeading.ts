import * as l10n from '@vscode/l10n';
import type { Column } from '../../src/catalog/columns.ts';
import type { RunsLayout } from '../../src/protocol/runsPage.ts';
import { h } from '../dom.ts';
import { pressedKey } from './pressedKey.ts';
import { moveColumn, resizeColumn, shiftColumn, sortBy, widthOf } from './tableLayout.ts';

/** Change of a width in pixels by a key. */
const WIDTH_STEP = 16;

/** Headings that are a sign, because their columns are narrow. */
const SIGNS: Readonly<Record<string, string>> = { starred: '★', color: '■' };

const KEYS = l10n.t(
  'Press Enter to sort, and Shift and Enter to sort by several columns. Alt with the left and right arrow keys moves the column, Alt and Shift with them changes its width.',
);

export interface GridHeadingOptions {
  readonly changed: (change: Partial<RunsLayout>) => void;
  /** Moves the focus to the rows. */
  readonly leave: () => void;
}

/** Headings of the columns: a click sorts, dragging moves a column, and its right edge resizes it. */
export class GridHeading {
  readonly element: HTMLElement;
  /** Explanation of the keys; the page places it outside of the table. */
  readonly help = h('p', { class: 'unseen', id: 'heading-keys' }, KEYS);
  readonly #row = h('div', { role: 'row', class: 'row heading', 'aria-rowindex': 1 });
  readonly #options: GridHeadingOptions;
  #layout: RunsLayout | undefined;
  #columns: readonly Column[] = [];
  /** Key of the column that is in the tab order. */
  #focused = '';
  #dragged: string | null = null;

  constructor(options: GridHeadingOptions) {
    this.#options = options;
    this.element = h('div', { class: 'headings', role: 'rowgroup' }, this.#row);
  }

  show(columns: readonly Column[], layout: RunsLayout): void {
    this.#columns = columns;
    this.#layout = layout;
    if (!columns.some(({ key }) => key === this.#focused)) this.#focused = columns[0]?.key ?? '';
    const hasFocus = this.#row.contains(document.activeElement);
    this.#row.replaceChildren(...columns.map((column, i) => this.#cell(column, i, layout)));
    if (hasFocus) this.#cellOf(this.#focused)?.focus();
  }

  #cell(column: Column, index: number, layout: RunsLayout): HTMLElement {
    const { key, align, config } = column;
    const label = column.label();
    const place = layout.sort.findIndex((each) => each.column === key);
    const sorted = layout.sort[place];
    const arrow = sorted ? (sorted.descending ? '↓' : '↑') : '';
    const rank = sorted && layout.sort.length > 1 ? String(place + 1) : '';
    const handle = h('span', { class: 'handle', 'aria-hidden': 'true' });
    const cell = h(
      'div',
      {
        role: 'columnheader',
        class: `cell ${align} ${key in SIGNS ? key : ''}`,
        'data-column': key,
        'aria-colindex': index + 1,
        'aria-sort': sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none',
        'aria-describedby': 'heading-keys',
        tabindex: key === this.#focused ? 0 : -1,
        draggable: 'true',
        title: label,
        ...(key in SIGNS && { 'aria-label': label }),
        ...(config !== undefined && { translate: 'no' }),
      },
      h('span', { class: 'heading-label' }, SIGNS[key] ?? label),
      h('span', { class: 'sort', 'aria-hidden': 'true' }, arrow, rank),
      handle,
    );
    cell.addEventListener('click', (event) => this.#sort(column, event.shiftKey));
    cell.addEventListener('keydown', (event) => this.#pressed(event, column));
    cell.addEventListener('focus', () => this.#moveTabStop(key));
    this.#letDrag(cell, key);
    this.#letResize(handle, column);
    return cell;
  }

  #sort(column: Column, add: boolean): void {
    if (this.#layout) this.#options.changed(sortBy(this.#layout, column, add));
  }

  #pressed(event: KeyboardEvent, column: Column): void {
    const layout = this.#layout;
    if (!layout) return;
    const { key } = column;
    const place = this.#columns.findIndex((each) => each.key === key);
    const width = widthOf(column, layout);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.#go(place - 1),
      ArrowRight: () => this.#go(place + 1),
      Home: () => this.#go(0),
      End: () => this.#go(this.#columns.length - 1),
      ArrowDown: () => this.#options.leave(),
      Enter: () => this.#sort(column, false),
      ' ': () => this.#sort(column, false),
      'Shift+Enter': () => this.#sort(column, true),
      'Shift+ ': () => this.#sort(column, true),
      'Alt+ArrowLeft': () => this.#options.changed(shiftColumn(layout, key, -1)),
      'Alt+ArrowRight': () => this.#options.changed(shiftColumn(layout, key, 1)),
      'Alt+Shift+ArrowLeft': () => this.#options.changed(resizeColumn(layout, key, width - WIDTH_STEP)),
      'Alt+Shift+ArrowRight': () => this.#options.changed(resizeColumn(layout, key, width + WIDTH_STEP)),
    };
    const act = keys[pressedKey(event)];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #go(place: number): void {
    const key = this.#columns[place]?.key;
    if (key !== undefined) this.#cellOf(key)?.focus();
  }

  #moveTabStop(key: string): void {
    this.#cellOf(this.#focused)?.setAttribute('tabindex', '-1');
    this.#focused = key;
    this.#cellOf(key)?.setAttribute('tabindex', '0');
  }

  #letDrag(cell: HTMLElement, key: string): void {
    cell.addEventListener('dragstart', (event) => {
      this.#dragged = key;
      event.dataTransfer?.setData('text/plain', key);
    });
    cell.addEventListener('dragover', (event) => {
      if (this.#dragged === null || this.#dragged === key) return;
      event.preventDefault();
      cell.classList.add('drop');
    });
    cell.addEventListener('dragleave', () => cell.classList.remove('drop'));
    cell.addEventListener('dragend', () => (this.#dragged = null));
    cell.addEventListener('drop', (event) => {
      event.preventDefault();
      cell.classList.remove('drop');
      const dragged = this.#dragged;
      this.#dragged = null;
      if (dragged !== null && this.#layout) this.#options.changed(moveColumn(this.#layout, dragged, key));
    });
  }

  #letResize(handle: HTMLElement, column: Column): void {
    handle.addEventListener('click', (event) => event.stopPropagation());
    // Otherwise, the browser would begin to drag the heading.
    handle.addEventListener('mousedown', (event) => event.preventDefault());
    handle.addEventListener('pointerdown', (event) => {
      const layout = this.#layout;
      if (!layout) return;
      const begun = event.clientX - widthOf(column, layout);
      const moved = ({ clientX }: PointerEvent) => {
        if (this.#layout) this.#options.changed(resizeColumn(this.#layout, column.key, clientX - begun));
      };
      const ended = () => window.removeEventListener('pointermove', moved);
      window.addEventListener('pointermove', moved);
      window.addEventListener('pointerup', ended, { once: true });
    });
  }

  #cellOf(key: string): HTMLElement | null {
    return this.#row.querySelector(`[data-column="${CSS.escape(key)}"]`);
  }
}
