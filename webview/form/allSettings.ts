import * as l10n from '@vscode/l10n';
import { h, setText } from '../dom.ts';
import { FieldList, type Row } from './fieldList.ts';
import { OTHER_GROUPS } from './groups.ts';

/** A row that can be found by words. */
export interface FoundRow extends Row {
  matches(words: readonly string[]): boolean;
}

export interface AllSettingsState {
  readonly isOpen: boolean;
  readonly filter: string;
}

/** The fields that are changed rarely: behind a disclosure, in groups, with a filter. */
export class AllSettings {
  readonly element: HTMLDetailsElement;
  readonly #filter = h('input', { type: 'search', id: 'filter', placeholder: l10n.t('Name or explanation') });
  readonly #summary = h('summary');
  readonly #none = h('p', { class: 'about', role: 'status' });
  readonly #lists = OTHER_GROUPS.map((group) => new FieldList(group));
  #rows: ReadonlyMap<string, FoundRow> = new Map();

  /** @param changed receives the state to store */
  constructor({ isOpen, filter }: AllSettingsState, changed: (state: AllSettingsState) => void) {
    this.#filter.value = filter;
    this.element = h(
      'details',
      { class: 'all', open: isOpen },
      this.#summary,
      h('div', { class: 'filter' }, h('label', { for: 'filter' }, l10n.t('Filter')), this.#filter, this.#none),
      ...this.#lists.map(({ element }) => element),
    );
    const store = () => changed({ isOpen: this.element.open, filter: this.#filter.value });
    this.element.addEventListener('toggle', store);
    this.#filter.addEventListener('input', () => {
      store();
      this.#apply();
    });
  }

  /**
   * @param rows rows of the fields that apply to the run, by path
   * @param summary label of the disclosure
   */
  show(rows: ReadonlyMap<string, FoundRow>, summary: string): void {
    this.#rows = rows;
    setText(this.#summary, summary);
    this.#apply();
  }

  /** Opens the disclosure, and removes a filter, so that a row can be focused. */
  reveal(row: FoundRow): void {
    this.element.open = true;
    if (row.matches(this.#words)) return;
    this.#filter.value = '';
    this.#apply();
  }

  get #words(): readonly string[] {
    return this.#filter.value.toLowerCase().split(/\s+/);
  }

  #apply(): void {
    const words = this.#words;
    let shown = 0;
    for (const list of this.#lists) {
      const rows = list.group.paths.flatMap((path) => this.#rows.get(path) ?? []).filter((row) => row.matches(words));
      shown += rows.length;
      list.show(rows);
    }
    setText(this.#none, shown === 0 ? l10n.t('No setting that applies to this run contains these words.') : '');
  }
}
