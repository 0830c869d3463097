import * as l10n from '@vscode/l10n';
import { COLUMNS, type Column } from '../../src/catalog/columns.ts';
import type { RunsLayout } from '../../src/protocol/runsPage.ts';
import { button, h } from '../dom.ts';
import { Popover } from '../popover.ts';
import { untranslatedColumn } from './rowCells.ts';
import { shiftColumn, shownColumns, toggleColumn, togglePin } from './tableLayout.ts';

/** Button "Columns" with a box that shows, hides, orders and pins columns. */
export class ColumnMenu {
  readonly elements: readonly HTMLElement[];
  readonly #changed: (change: Partial<RunsLayout>) => void;
  readonly #layout: () => RunsLayout;
  readonly #list = h('ul', { class: 'column-list' });
  readonly #search = h('input', { type: 'search', 'aria-label': l10n.t('Find a column') });

  constructor(layout: () => RunsLayout, changed: (change: Partial<RunsLayout>) => void) {
    this.#layout = layout;
    this.#changed = changed;
    const trigger = h('button', { type: 'button', 'data-tool': 'columns' }, l10n.t('Columns'));
    const { element } = new Popover(trigger, 'columns', () => this.#fill());
    this.#search.placeholder = l10n.t('Find a column');
    this.#search.addEventListener('input', () => this.#fill());
    const standard = button(l10n.t('Default columns'), { class: 'link' }, () =>
      this.#change({ columns: null, widths: {}, pinned: ['starred', 'color', 'name'] }),
    );
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', l10n.t('Columns'));
    element.append(h('div', { class: 'column-find' }, this.#search, standard), this.#list);
    this.elements = [trigger, element];
  }

  #change(change: Partial<RunsLayout>): void {
    this.#changed(change);
    const { activeElement } = document;
    const { column = '', action = '' } = activeElement instanceof HTMLElement ? activeElement.dataset : {};
    this.#fill();
    // The control that has the focus was replaced.
    this.#list
      .querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"][data-action="${CSS.escape(action)}"]`)
      ?.focus();
  }

  /** Lists the shown columns in their order, then the others. */
  #fill(): void {
    const layout = this.#layout();
    const shown = shownColumns(layout);
    const wanted = this.#search.value.trim().toLowerCase();
    const found = [...shown, ...COLUMNS.filter((column) => !shown.includes(column))].filter(({ key, label }) =>
      `${key} ${label()}`.toLowerCase().includes(wanted),
    );
    this.#list.replaceChildren(...found.map((column) => this.#item(column, shown, layout)));
  }

  #item(column: Column, shown: readonly Column[], layout: RunsLayout): HTMLElement {
    const { key } = column;
    const place = shown.indexOf(column);
    const isShown = place >= 0;
    const label = column.label();
    const box = h('input', {
      type: 'checkbox',
      checked: isShown,
      'data-column': key,
      'data-action': 'show',
      title: key,
      translate: 'no',
    });
    box.addEventListener('change', () => this.#change(toggleColumn(this.#layout(), key)));
    const tool = (action: string, sign: string, name: string, disabled: boolean, change: () => Partial<RunsLayout>) =>
      button(
        sign,
        { class: 'tool', 'aria-label': name, title: name, disabled, 'data-column': key, 'data-action': action },
        () => this.#change(change()),
      );
    const pin = tool('pin', '⇤', l10n.t('Keep "{0}" in view', label), false, () => togglePin(this.#layout(), key));
    pin.setAttribute('aria-pressed', String(layout.pinned.includes(key)));
    const tools = [
      tool('up', '↑', l10n.t('Move "{0}" up', label), place === 0, () => shiftColumn(this.#layout(), key, -1)),
      tool('down', '↓', l10n.t('Move "{0}" down', label), place === shown.length - 1, () =>
        shiftColumn(this.#layout(), key, 1),
      ),
      pin,
    ];
    return h(
      'li',
      {},
      h('label', {}, box, ' ', h('span', column.config === undefined ? {} : untranslatedColumn(column), label)),
      ...(isShown ? tools : []),
    );
  }
}
