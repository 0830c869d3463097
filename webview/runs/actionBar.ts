import * as l10n from '@vscode/l10n';
import { MAX_COMPARED_RUNS } from '../../src/protocol/comparison.ts';
import { formatCount } from '../charts/number.ts';
import { button, h, setText } from '../dom.ts';

/** What can be done with the selected runs. */
export interface RunActions {
  readonly compare: () => void;
  readonly edit: () => void;
  readonly archive: () => void;
  readonly exportRuns: () => void;
  readonly exportPage: () => void;
  readonly trash: () => void;
}

export interface ShownCounts {
  readonly selected: number;
  /** Number of runs that match the filter. */
  readonly matching: number;
  readonly total: number;
  /** Whether all selected runs are archived. */
  readonly isArchived: boolean;
}

/** Number of runs, and buttons for the selected ones. */
export class ActionBar {
  readonly element: HTMLElement;
  readonly #counts = h('p', { class: 'counts', role: 'status' });
  readonly #compare: HTMLButtonElement;
  readonly #archive: HTMLButtonElement;
  readonly #export: HTMLButtonElement;
  readonly #page: HTMLButtonElement;
  readonly #tools: HTMLElement;

  constructor({ compare, edit, archive, exportRuns, exportPage, trash }: RunActions) {
    this.#compare = button(l10n.t('Compare'), { class: 'primary', 'data-tool': 'compare' }, compare);
    this.#archive = button(l10n.t('Archive'), { 'data-tool': 'archive' }, archive);
    this.#export = button(l10n.t('Export...'), { 'data-tool': 'export', hidden: true }, exportRuns);
    this.#page = button(l10n.t('Export as a page...'), { 'data-tool': 'page', hidden: true }, exportPage);
    this.#tools = h(
      'div',
      { class: 'run-actions', role: 'group', 'aria-label': l10n.t('Selected runs') },
      this.#compare,
      button(l10n.t('Edit...'), { 'data-tool': 'edit' }, edit),
      this.#archive,
      this.#export,
      this.#page,
      button(l10n.t('Delete'), { 'data-tool': 'delete' }, trash),
    );
    this.element = h('div', { class: 'action-bar' }, this.#counts, this.#tools);
  }

  set canExport(canExport: boolean) {
    this.#export.hidden = !canExport;
    this.#page.hidden = !canExport;
  }

  show({ selected, matching, total, isArchived }: ShownCounts): void {
    setText(this.#counts, describeCounts(selected, matching, total));
    this.#tools.hidden = selected === 0;
    this.#compare.disabled = selected < 2 || selected > MAX_COMPARED_RUNS;
    this.#page.disabled = selected > MAX_COMPARED_RUNS;
    for (const each of [this.#compare, this.#page])
      each.title = selected > MAX_COMPARED_RUNS ? l10n.t('At most {0} runs', MAX_COMPARED_RUNS) : '';
    setText(this.#archive, isArchived ? l10n.t('Unarchive') : l10n.t('Archive'));
  }
}

function describeCounts(selected: number, matching: number, total: number): string {
  if (selected > 0) return l10n.t('{0} of {1} selected', formatCount(selected), formatCount(matching));
  if (matching < total) return l10n.t('{0} of {1} runs', formatCount(matching), formatCount(total));
  return l10n.t('{0} runs', formatCount(total));
}
