import * as l10n from '@vscode/l10n';
import type { Column } from '../../src/catalog/columns.ts';
import type { RunsLayout } from '../../src/protocol/runsPage.ts';
import { formatCount } from '../charts/number.ts';
import { h } from '../dom.ts';
import type { Frames } from '../frames.ts';
import { GridHeading } from './gridHeading.ts';
import { pressedKey } from './pressedKey.ts';
import type { LineStyle } from '../panel/compare/lineStyles.ts';
import { colorMark, runCell } from './rowCells.ts';
import { RowWindow } from './rowWindow.ts';
import { Selection } from './selection.ts';
import type { GroupItem, RunItem, TableItem } from './tableItem.ts';
import { shownColumns, widthOf } from './tableLayout.ts';

/** Part of the width of the table that pinned columns may take; on a narrower page they scroll with the others. */
const MOST_PINNED = 0.6;

/** Distance in pixels by which the table scrolls sideways with an arrow key. */
const SIDE_STEP = 60;

export interface GridOptions {
  readonly frames: Frames;
  readonly layoutChanged: (change: Partial<RunsLayout>) => void;
  readonly selectionChanged: () => void;
  readonly open: (id: string) => void;
  readonly toggleStar: (id: string) => void;
  readonly fold: (group: string) => void;
  /** Opens the menu of the selected runs at a point of the page. */
  readonly menu: (x: number, y: number) => void;
  /** Handles a key that is not for the table itself. @returns whether it did */
  readonly key: (key: string) => boolean;
}

interface DrawnRow {
  readonly element: HTMLElement;
  readonly item: TableItem;
}

/**
 * The table of runs: a treegrid whose rows exist only where they are in view. The focus stays on the table, which names
 * its active row, as in the lists of VS Code, so that rows can come and go.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly selection = new Selection();
  readonly #options: GridOptions;
  readonly #heading: GridHeading;
  readonly #body = h('div', { class: 'rows', role: 'rowgroup' });
  readonly #window: RowWindow;
  #items: readonly TableItem[] = [];
  #columns: readonly Column[] = [];
  #layout: RunsLayout | undefined;
  #drawn = new Map<string, DrawnRow>();
  #active: string | null = null;
  #activeIndex = -1;
  #styles: ReadonlyMap<string, LineStyle> = new Map();

  constructor(options: GridOptions) {
    this.#options = options;
    this.#heading = new GridHeading({ changed: options.layoutChanged, leave: () => this.focus() });
    this.element = h(
      'div',
      { class: 'grid', role: 'treegrid', tabindex: 0, 'aria-multiselectable': 'true', 'aria-label': l10n.t('Runs') },
      this.#heading.element,
      this.#body,
    );
    this.#window = new RowWindow(this.element, () => options.frames.request(this.#draw));
    this.element.addEventListener('keydown', (event) => this.#pressed(event));
    this.element.addEventListener('focus', () => this.#enter());
    this.#body.addEventListener('click', (event) => this.#clicked(event));
    this.#body.addEventListener('dblclick', (event) => {
      const item = this.#itemAt(event);
      if (item?.kind === 'run') options.open(item.id);
    });
    this.element.addEventListener('contextmenu', (event) => this.#menuAsked(event));
    new ResizeObserver(() => this.#placePinned()).observe(this.element);
  }

  /** Explanation of the keys of the headings, outside of the table. */
  get help(): HTMLElement {
    return this.#heading.help;
  }

  /** Ids of the shown runs in their order. */
  get order(): readonly string[] {
    return this.#items.flatMap((item) => (item.kind === 'run' ? [item.id] : []));
  }

  /** Shows columns and rows. */
  show(items: readonly TableItem[], layout: RunsLayout): void {
    if (layout !== this.#layout) {
      this.#columns = shownColumns(layout);
      this.#layout = layout;
      this.#drawn.clear();
      this.#heading.show(this.#columns, layout);
      this.element.setAttribute('aria-colcount', String(this.#columns.length));
      const widths = this.#columns.map((column) => widthOf(column, layout));
      this.element.style.setProperty('--columns', widths.map((width) => `${width}px`).join(' '));
      this.element.style.setProperty('--width', `${widths.reduce((sum, width) => sum + width, 0)}px`);
    }
    this.#items = items;
    this.element.setAttribute('aria-rowcount', String(items.length + 1));
    this.#keepActive();
    this.#options.frames.request(this.#draw);
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** Selects runs, and shows the first of them. */
  select(ids: readonly string[]): void {
    const first = this.#items.findIndex(({ id }) => id === ids[0]);
    if (first >= 0) this.#activate(first);
    this.#choose(ids);
  }

  /** Shows the colors of runs as their curves are drawn: two of one color differ in their dash. */
  showStyles(styles: ReadonlyMap<string, LineStyle>): void {
    if (JSON.stringify([...styles]) === JSON.stringify([...this.#styles])) return;
    this.#styles = styles;
    for (const { element, item } of this.#drawn.values()) {
      const cell = element.querySelector('[data-column=color]');
      if (item.kind === 'run') cell?.firstElementChild?.replaceWith(this.#colorMark(item));
    }
  }

  /** Redraws which rows are selected. */
  showSelection(): void {
    for (const { element, item } of this.#drawn.values()) this.#mark(element, item);
  }

  readonly #draw = (): void => {
    this.#window.setRows(this.#items.length, this.#activeIndex);
    this.#body.style.height = `${this.#window.height}px`;
    const drawn = new Map<string, DrawnRow>();
    for (const { index, top } of this.#window.rows) {
      const item = this.#items[index];
      if (!item) continue;
      const known = this.#drawn.get(item.id);
      const row = known && isSame(known.item, item) ? known : { element: this.#row(item), item };
      row.element.style.transform = `translateY(${top}px)`;
      row.element.setAttribute('aria-rowindex', String(index + 2));
      this.#mark(row.element, item);
      drawn.set(item.id, row);
    }
    this.#drawn = drawn;
    const elements = [...drawn.values()].map(({ element }) => element);
    const present = this.#body.children;
    if (present.length !== elements.length || elements.some((element, i) => present[i] !== element))
      this.#body.replaceChildren(...elements);
    this.#placePinned();
    this.#showActive();
  };

  #row(item: TableItem): HTMLElement {
    const element =
      item.kind === 'run'
        ? h(
            'div',
            { role: 'row', class: 'row', id: rowId(item.id), 'aria-level': item.group === null ? 1 : 2 },
            ...this.#columns.map((column) => runCell(column, item.row, () => this.#colorMark(item))),
          )
        : this.#groupRow(item);
    for (const [i, cell] of [...element.children].entries()) cell.setAttribute('aria-colindex', String(i + 1));
    element.dataset.id = item.id;
    return element;
  }

  #colorMark({ id, row }: RunItem): Element {
    return colorMark(row.values.color ?? null, this.#styles.get(id));
  }

  /** Row of a group: its name in the column "Name", or in the first column with room, and means elsewhere. */
  #groupRow(item: GroupItem): HTMLElement {
    const { label, count, isFolded, cells } = item;
    const place = Math.max(
      0,
      this.#columns.findIndex(({ key }) => key === 'name'),
    );
    return h(
      'div',
      { role: 'row', class: 'row group', id: rowId(item.id), 'aria-level': 1, 'aria-expanded': String(!isFolded) },
      ...this.#columns.map((column, i) => {
        const { text = '', title = '' } = cells[column.key] ?? {};
        if (i !== place)
          return h(
            'div',
            {
              role: 'gridcell',
              class: `cell ${column.align}`,
              'data-column': column.key,
              translate: 'no',
              ...(title && { title }),
            },
            text,
          );
        return h(
          'div',
          { role: 'rowheader', class: 'cell group-name', 'data-column': column.key, title: label, translate: 'no' },
          h('span', { class: 'twistie', 'aria-hidden': 'true' }, isFolded ? '▸' : '▾'),
          h('span', {}, label),
          h('span', { class: 'unit' }, formatCount(count)),
        );
      }),
    );
  }

  #mark(element: HTMLElement, item: TableItem): void {
    if (item.kind === 'run') element.setAttribute('aria-selected', String(this.selection.ids.has(item.id)));
    element.classList.toggle('active', item.id === this.#active);
  }

  /** Keeps pinned columns in view, if they leave room for others. */
  #placePinned(): void {
    const layout = this.#layout;
    if (!layout) return;
    const pinned = this.#columns.filter(({ key }) => layout.pinned.includes(key));
    const width = pinned.reduce((sum, column) => sum + widthOf(column, layout), 0);
    const isPinned = width <= MOST_PINNED * this.element.clientWidth;
    let left = 0;
    pinned.forEach((column, i) => {
      for (const cell of this.element.querySelectorAll<HTMLElement>(`[data-column="${CSS.escape(column.key)}"]`)) {
        cell.classList.toggle('pinned', isPinned);
        cell.classList.toggle('last-pinned', isPinned && i === pinned.length - 1);
        cell.style.left = isPinned ? `${left}px` : '';
      }
      left += widthOf(column, layout);
    });
  }

  #clicked(event: MouseEvent): void {
    const item = this.#itemAt(event);
    if (!item) return;
    this.#activate(this.#items.indexOf(item), false);
    if (item.kind === 'group') return this.#options.fold(item.id);
    if (event.target instanceof Element && event.target.closest('[data-column=starred]') && event.detail > 0)
      return this.#options.toggleStar(item.id);
    if (event.shiftKey) this.selection.extendTo(item.id, this.order);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(item.id);
    else this.selection.choose(item.id);
    this.#selected();
  }

  #menuAsked(event: MouseEvent): void {
    const item = this.#itemAt(event) ?? this.#items[this.#activeIndex];
    if (item?.kind !== 'run') return;
    event.preventDefault();
    this.#activate(this.#items.indexOf(item), false);
    if (!this.selection.ids.has(item.id)) {
      this.selection.choose(item.id);
      this.#selected();
    }
    // The menu key gives the middle of the focused element, the table.
    const row = this.#drawn.get(item.id)?.element.getBoundingClientRect();
    const isOnRow = this.#itemAt(event) === item;
    this.#options.menu(
      isOnRow ? event.clientX : (row?.left ?? 0) + ROW_MENU_INDENT,
      isOnRow ? event.clientY : (row?.bottom ?? 0),
    );
  }

  #pressed(event: KeyboardEvent): void {
    if (event.target !== this.element) return;
    const pressed = pressedKey(event);
    const act = this.#keys[pressed];
    if (!act && !this.#options.key(pressed)) return;
    event.preventDefault();
    act?.();
  }

  /** What the keys do. */
  readonly #keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => this.#move(1),
    ArrowUp: () => this.#move(-1),
    PageDown: () => this.#move(this.#window.pageSize),
    PageUp: () => this.#move(-this.#window.pageSize),
    Home: () => this.#activate(0),
    End: () => this.#activate(this.#items.length - 1),
    'Shift+ArrowDown': () => this.#extend(1),
    'Shift+ArrowUp': () => this.#extend(-1),
    'Shift+PageDown': () => this.#extend(this.#window.pageSize),
    'Shift+PageUp': () => this.#extend(-this.#window.pageSize),
    'Shift+Home': () => this.#extend(-this.#items.length),
    'Shift+End': () => this.#extend(this.#items.length),
    ArrowRight: () => this.#unfold(),
    ArrowLeft: () => this.#foldOrLeave(),
    ' ': () => this.#toggle(),
    'Ctrl+ ': () => this.#toggle(),
    Enter: () => this.#open(),
    'Ctrl+a': () => this.#choose(this.order),
    Escape: () => this.#choose([]),
  };

  #move(by: number): void {
    this.#activate(this.#activeIndex + by);
  }

  #extend(by: number): void {
    const from = this.#items[this.#activeIndex];
    if (from?.kind === 'run' && this.selection.ids.size === 0) this.selection.choose(from.id);
    this.#move(by);
    const to = this.#items[this.#activeIndex];
    if (to?.kind === 'run') this.selection.extendTo(to.id, this.order);
    this.#selected();
  }

  #toggle(): void {
    const item = this.#items[this.#activeIndex];
    if (item?.kind === 'group') this.#options.fold(item.id);
    if (item?.kind !== 'run') return;
    this.selection.toggle(item.id);
    this.#selected();
  }

  #open(): void {
    const item = this.#items[this.#activeIndex];
    if (item?.kind === 'group') this.#options.fold(item.id);
    if (item?.kind === 'run') this.#options.open(item.id);
  }

  #unfold(): void {
    const item = this.#items[this.#activeIndex];
    if (item?.kind === 'group' && item.isFolded) this.#options.fold(item.id);
    else this.element.scrollLeft += SIDE_STEP;
  }

  /** Folds the active group, or goes from a run to its group, or scrolls. */
  #foldOrLeave(): void {
    const item = this.#items[this.#activeIndex];
    if (item?.kind === 'group' && !item.isFolded) this.#options.fold(item.id);
    else if (item?.kind === 'run' && item.group !== null && this.element.scrollLeft === 0)
      this.#activate(this.#items.findIndex(({ id }) => id === item.group));
    else this.element.scrollLeft -= SIDE_STEP;
  }

  #choose(ids: readonly string[]): void {
    this.selection.set(ids);
    this.#selected();
  }

  #selected(): void {
    this.showSelection();
    this.#options.selectionChanged();
  }

  #enter(): void {
    if (this.#activeIndex >= 0 || this.#items.length === 0) return;
    const selected = this.#items.findIndex(({ id }) => this.selection.ids.has(id));
    this.#activate(Math.max(0, selected));
  }

  #activate(index: number, reveal = true): void {
    if (this.#items.length === 0) return;
    this.#activeIndex = Math.min(this.#items.length - 1, Math.max(0, index));
    this.#active = this.#items[this.#activeIndex]?.id ?? null;
    if (reveal) this.#window.reveal(this.#activeIndex);
    this.#draw();
  }

  /** Keeps the active row when rows come, go and move; if it is gone, the one that took its place is active. */
  #keepActive(): void {
    if (this.#active === null) return;
    const place = this.#items.findIndex(({ id }) => id === this.#active);
    this.#activeIndex = place >= 0 ? place : Math.min(this.#activeIndex, this.#items.length - 1);
    this.#active = this.#items[this.#activeIndex]?.id ?? null;
  }

  #showActive(): void {
    const row = this.#active === null ? undefined : this.#drawn.get(this.#active);
    if (row) this.element.setAttribute('aria-activedescendant', row.element.id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  #itemAt({ target }: Event): TableItem | undefined {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null;
    return row === null ? undefined : this.#drawn.get(row.dataset.id ?? '')?.item;
  }
}

/** Distance in pixels of the menu from the left end of a row, if it was opened by a key. */
const ROW_MENU_INDENT = 60;

function rowId(id: string): string {
  return `run ${id}`.replaceAll(/\s/g, '-');
}

/** Whether a drawn row still shows an item. */
function isSame(a: TableItem, b: TableItem): boolean {
  if (a.kind === 'run' && b.kind === 'run') return sameRun(a, b);
  return a === b;
}

function sameRun(a: RunItem, b: RunItem): boolean {
  return a.row === b.row && (a.group === null) === (b.group === null);
}
