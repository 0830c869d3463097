import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { COLUMNS } from '../../src/catalog/columns.ts';
import type { ComparedRun, ProbedRun } from '../../src/protocol/comparison.ts';
import { connect } from '../../src/protocol/rpc.ts';
import type { RunRow } from '../../src/protocol/runRow.ts';
import {
  type AnnotationChange,
  runsLayout,
  runsPageContract,
  type RunsPageFunctions,
  runsPageHostContract,
} from '../../src/protocol/runsPage.ts';
import { chartSettings } from '../charts/storedSettings.ts';
import { h, setText } from '../dom.ts';
import { Frames } from '../frames.ts';
import { pictureName } from '../pictureName.ts';
import { StoredState } from '../storedState.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import { ActionBar } from './actionBar.ts';
import { ColumnMenu } from './columnMenu.ts';
import { EditDialog, type EditedField, tagsOf } from './editDialog.ts';
import { FilterBox } from './filterBox.ts';
import { Grid } from './grid.ts';
import { plotState } from './plots/plotState.ts';
import { RunPlots } from './plots/runPlots.ts';
import { RowMenu } from './rowMenu.ts';
import { RunTable } from './runTable.ts';
import { UndoBar } from './undoBar.ts';

type Layout = z.output<typeof runsLayout>;

/** State that VS Code keeps with the page; the layout is kept by the host for the workspace. */
const pageState = z.object({
  charts: z.record(z.string(), chartSettings).catch({}),
  plots: plotState.catch(() => plotState.parse({})),
});

/** While the first rows arrive, the table is shown again when it has so many times the rows that it showed. */
const MORE_ROWS = 2;

/** Milliseconds until a change of the layout is kept, so that a drag is kept once. */
const KEEP_DELAY = 300;

/** Columns that the menu of groups lists first; the others follow by name. */
const COMMON_GROUPS = ['setup', 'data', 'cell', 'units', 'state', 'verdict', 'tags', 'backend', 'comparison', 'parent'];

/** The page "Runs": a table of all runs with filter, groups, and actions on the selected runs. */
export class RunsView implements RunsPageFunctions {
  readonly #host;
  readonly #store: StoredState<z.output<typeof pageState>>;
  readonly #frames = new Frames();
  readonly #table = new RunTable();
  readonly #grid: Grid;
  readonly #filter: FilterBox;
  readonly #group = h('select', { id: 'group' });
  readonly #archived = h('input', { type: 'checkbox', id: 'show-archived' });
  readonly #showCurves = h('input', { type: 'checkbox', id: 'show-curves' });
  readonly #actions: ActionBar;
  readonly #undo = new UndoBar();
  readonly #menu: RowMenu;
  readonly #dialog: EditDialog;
  readonly #plots: RunPlots;
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #empty = h('p', { class: 'empty-table', role: 'status' }, l10n.t('Waiting for the extension.'));
  readonly #unreadable = h('details', { class: 'unreadable', hidden: true });
  #layout: Layout = runsLayout.parse({});
  /** Whether all rows have arrived once: from then on, each change is shown. */
  #isComplete = false;
  /** Number of rows of the table when it was shown last. */
  #shownSize = 0;
  #canExport = false;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#store = new StoredState(pageState, api);
    this.#host = connect({
      port: webviewPort(api),
      serves: runsPageContract,
      functions: this,
      calls: runsPageHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    this.#grid = new Grid({
      frames: this.#frames,
      layoutChanged: (change) => this.#changeLayout(change),
      selectionChanged: () => this.#showSelection(),
      open: (id) => void this.#callHost(() => this.#host.openRun(id)),
      toggleStar: (id) => this.#toggleStar([id]),
      fold: (group) => this.#fold(group),
      menu: (x, y) => this.#openMenu(x, y),
      key: (key) => this.#pressed(key),
    });
    this.#filter = new FilterBox({
      suggest: (text, caret) => this.#table.suggest(text, caret),
      apply: (filter) => {
        const problem = this.#table.setFilter(filter);
        if (!problem) this.#changeLayout({ filter });
        return problem;
      },
      leave: () => this.#grid.focus(),
    });
    this.#actions = new ActionBar({
      compare: () => void this.#callHost(() => this.#host.openComparison(this.#selectedIds)),
      edit: () => this.#edit('tags'),
      archive: () => this.#archive(),
      exportRuns: () => void this.#callHost(() => this.#host.exportRuns(this.#selectedIds)),
      exportPage: () => void this.#callHost(() => this.#host.exportPage(this.#selectedIds)),
      trash: () => void this.#trash(),
    });
    const focusGrid = () => this.#grid.focus();
    this.#menu = new RowMenu(l10n.t('Selected runs'), focusGrid);
    this.#dialog = new EditDialog((runs, change) => this.#annotate(runs, change), focusGrid);
    this.#plots = new RunPlots({
      charts: {
        frames: this.#frames,
        settings: ({ id, defaults }) => this.#store.current.charts[id] ?? defaults,
        settingsChanged: ({ id }, settings) =>
          this.#store.change({ charts: { ...this.#store.current.charts, [id]: settings } }),
        saveFile: (format, title, content) =>
          void this.#callHost(() => this.#host.saveFile({ format, name: pictureName(null, title), content })),
      },
      state: () => this.#store.current.plots,
      change: (change) => this.#store.change({ plots: { ...this.#store.current.plots, ...change } }),
      rowOf: (id) => this.#table.row(id),
      drawn: (styles) => this.#grid.showStyles(styles),
      compare: (ids) => void this.#callHost(async () => this.#host.compare([...ids])),
      compareProbesAt: (step) => void this.#callHost(async () => this.#host.compareProbesAt(step)),
      selectRuns: (ids) => this.#grid.select(ids),
    });
    this.#group.addEventListener('change', () => this.#changeLayout({ group: this.#group.value || null, folded: [] }));
    this.#archived.addEventListener('change', () => this.#changeLayout({ archived: this.#archived.checked }));
    this.#showCurves.addEventListener('change', () => this.#changeLayout({ curves: this.#showCurves.checked }));
    const columns = new ColumnMenu(
      () => this.#layout,
      (change) => this.#changeLayout(change),
    );
    root.append(
      h(
        'main',
        { class: 'runs' },
        h('h1', { class: 'unseen' }, l10n.t('Runs')),
        h(
          'div',
          { class: 'toolbar' },
          this.#filter.element,
          h('span', { class: 'field' }, h('label', { for: 'group' }, l10n.t('Group')), this.#group),
          ...columns.elements,
          h('label', { class: 'check' }, this.#archived, l10n.t('Archived')),
          h('label', { class: 'check' }, this.#showCurves, l10n.t('Plots')),
        ),
        this.#error,
        this.#undo.element,
        this.#actions.element,
        this.#grid.help,
        h('div', { class: 'grid-frame' }, this.#grid.element, this.#empty),
        this.#plots.element,
        this.#unreadable,
        this.#menu.element,
        this.#dialog.element,
      ),
    );
    this.#showGroups();
  }

  /** Reports to the host that the page is ready. */
  async start(): Promise<void> {
    await this.#host.ready();
    await this.#host.compareProbesAt(this.#store.current.plots.probeStep);
  }

  begin({ layout, canExport }: { layout: Layout; canExport: boolean }): void {
    this.#layout = layout;
    this.#canExport = canExport;
    this.#actions.canExport = canExport;
    this.#filter.text = layout.filter;
    this.#table.clear();
    this.#table.setFilter(layout.filter);
    this.#isComplete = false;
    this.#shownSize = 0;
    this.#showControls();
  }

  filter(filter: string): void {
    this.#filter.text = filter;
    this.#table.setFilter(filter);
    this.#changeLayout({ filter });
  }

  rows({ changed, removed, isComplete }: Parameters<RunsPageFunctions['rows']>[0]): void {
    this.#table.apply(changed, removed);
    this.#isComplete ||= isComplete;
    if (this.#grid.selection.keepOnly(this.#table)) this.#showSelection();
    // Sorting all rows after each message would take longer and longer.
    if (this.#isComplete || this.#table.size >= MORE_ROWS * this.#shownSize) this.#frames.request(this.#show);
  }

  unreadable(folders: Parameters<RunsPageFunctions['unreadable']>[0]): void {
    this.#unreadable.hidden = folders.length === 0;
    this.#unreadable.replaceChildren(
      h('summary', {}, l10n.t('Folders of the run store that cannot be read: {0}', folders.length)),
      h('ul', {}, ...folders.map(({ folder, reason }) => h('li', { translate: 'no', title: folder }, reason))),
    );
  }

  comparable({ runs }: Parameters<RunsPageFunctions['comparable']>[0]): void {
    this.#plots.comparable(runs);
  }

  compared(run: ComparedRun): void {
    this.#plots.compared(run);
  }

  comparedProbes(runs: readonly ProbedRun[]): void {
    this.#plots.comparedProbes(runs);
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    setText(this.#error, error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  get #selected(): readonly RunRow[] {
    return this.#selectedIds.flatMap((id) => this.#table.row(id) ?? []);
  }

  /** Ids of the selected runs in the order of the table; those that it does not show come last. */
  get #selectedIds(): string[] {
    const { ids } = this.#grid.selection;
    const shown = this.#grid.order.filter((id) => ids.has(id));
    return [...new Set([...shown, ...ids])];
  }

  #changeLayout(change: Partial<Layout>): void {
    this.#layout = { ...this.#layout, ...change };
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => {
      this.#host.keepLayout(this.#layout).catch((error: unknown) => this.fail(error as Error));
    }, KEEP_DELAY);
    this.#showControls();
    this.#frames.runNow(this.#show);
  }

  #showControls(): void {
    const { group, archived, curves } = this.#layout;
    this.#group.value = group ?? '';
    this.#archived.checked = archived;
    this.#showCurves.checked = curves;
    this.#showSelection();
  }

  readonly #show = (): void => {
    this.#shownSize = this.#table.size;
    const { items, rows, matching, total } = this.#table.view(this.#layout);
    this.#grid.show(items, this.#layout);
    this.#plots.rows(rows);
    const isEmpty = matching === 0;
    this.#empty.hidden = !isEmpty;
    if (isEmpty) setText(this.#empty, this.#describeEmpty(total));
    this.#showCounts(matching, total);
  };

  #describeEmpty(total: number): string {
    if (!this.#isComplete) return l10n.t('Reading...');
    return total === 0
      ? l10n.t('No runs yet. Start one with "Train LSTM on file".')
      : l10n.t('No run matches the filter.');
  }

  #showSelection(): void {
    this.#showCounts(this.#table.matching, this.#table.total);
    this.#plots.isShown = this.#layout.curves;
    this.#plots.select(this.#selectedIds);
  }

  #showCounts(matching: number, total: number): void {
    const selected = this.#selected;
    this.#actions.show({
      selected: selected.length,
      matching,
      total,
      isArchived: selected.length > 0 && selected.every(({ values }) => values.archived === true),
    });
  }

  #showGroups(): void {
    const common = COMMON_GROUPS.flatMap((key) => COLUMNS.find((column) => column.key === key) ?? []);
    const fields = COLUMNS.filter(({ config, key }) => config !== undefined && !COMMON_GROUPS.includes(key));
    this.#group.replaceChildren(
      h('option', { value: '' }, l10n.t('none')),
      ...[...common, ...fields].map((column) => h('option', { value: column.key }, column.label())),
    );
  }

  #fold(group: string): void {
    const { folded } = this.#layout;
    this.#changeLayout({
      folded: folded.includes(group) ? folded.filter((each) => each !== group) : [...folded, group],
    });
  }

  /** Handles the keys of actions. @returns whether the key is one */
  #pressed(key: string): boolean {
    const keys: Readonly<Record<string, () => void>> = {
      Delete: () => void this.#trash(),
      F2: () => this.#edit('name'),
      'Ctrl+f': () => this.#filter.focus(),
    };
    keys[key]?.();
    return key in keys;
  }

  #openMenu(x: number, y: number): void {
    const rows = this.#selected;
    const [first] = rows;
    if (!first) return;
    const isOne = rows.length === 1;
    const isStarred = rows.every(({ values }) => values.starred === true);
    const isArchived = rows.every(({ values }) => values.archived === true);
    const item = (label: string, act: () => void, key = '') => ({ label, key, act });
    const ids = this.#selectedIds;
    this.#menu.open(x, y, [
      ...(isOne
        ? [
            item(l10n.t('Open'), () => void this.#callHost(() => this.#host.openRun(first.id)), 'Enter'),
            item(l10n.t('Rename...'), () => this.#edit('name'), 'F2'),
          ]
        : [item(l10n.t('Compare'), () => void this.#callHost(() => this.#host.openComparison(ids)))]),
      item(isStarred ? l10n.t('Remove star') : l10n.t('Star'), () => this.#toggleStar(ids)),
      item(l10n.t('Color...'), () => this.#edit('color')),
      item(l10n.t('Tags...'), () => this.#edit('tags')),
      ...(isOne ? [item(l10n.t('Note...'), () => this.#edit('note'))] : []),
      item(isArchived ? l10n.t('Unarchive') : l10n.t('Archive'), () => this.#archive()),
      ...(this.#canExport
        ? [
            item(l10n.t('Export...'), () => void this.#callHost(() => this.#host.exportRuns(ids))),
            item(l10n.t('Export as a page...'), () => void this.#callHost(() => this.#host.exportPage(ids))),
          ]
        : []),
      item(l10n.t('Delete'), () => void this.#trash(), l10n.t('Del')),
    ]);
  }

  #edit(field: EditedField): void {
    const tags = new Set([...this.#table.rows].flatMap((row) => tagsOf(row)));
    this.#dialog.open(this.#selected, field, [...tags].sort());
  }

  #toggleStar(ids: readonly string[]): void {
    const starred = !ids.every((id) => this.#table.row(id)?.values.starred === true);
    this.#annotate(ids, { starred });
  }

  #archive(): void {
    const rows = this.#selected;
    const ids = rows.map(({ id }) => id);
    const archived = !rows.every(({ values }) => values.archived === true);
    this.#annotate(ids, { archived });
    const text = archived ? l10n.t('Archived runs: {0}', ids.length) : l10n.t('Unarchived runs: {0}', ids.length);
    this.#undo.show(text, () => this.#annotate(ids, { archived: !archived }));
  }

  #annotate(ids: readonly string[], change: AnnotationChange): void {
    void this.#callHost(() => this.#host.annotate({ runs: [...ids], change }));
  }

  async #trash(): Promise<void> {
    const ids = this.#selectedIds;
    if (ids.length === 0) return;
    await this.#callHost(async () => {
      const { trashed, failed } = await this.#host.trashRuns(ids);
      const reasons = failed.map(({ reason }) => reason).join(' ');
      const moved = l10n.t('Runs moved to the trash: {0}', trashed.length);
      if (trashed.length > 0) this.#undo.show(moved, () => void this.#callHost(() => this.#host.restoreRuns(trashed)));
      if (reasons !== '') setText(this.#error, reasons);
    });
    this.#grid.focus();
  }

  /** Sends a request to the host and shows its error message if it fails. */
  async #callHost(request: () => Promise<void>): Promise<void> {
    setText(this.#error, '');
    try {
      await request();
    } catch (error) {
      setText(this.#error, error instanceof Error ? error.message : String(error));
    }
  }
}
