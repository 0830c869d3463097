import { formatCount } from '../../charts/number.ts';
import { h, setText } from '../../dom.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import type { Report, ReportBlock } from '../../../src/protocol/report.ts';
import type { PanelTab, TabSurroundings } from '../tabs/tab.ts';
import type { BlockView } from './blockView.ts';
import { GraphView } from './graphView.ts';
import { MatrixView } from './matrixView.ts';
import { TableView } from './tableView.ts';

/**
 * The tab "Results": what the task shows of its model, block by block. It knows the kinds of blocks, and no task. A
 * new report of the same blocks goes into the views that are there, so that a cursor or a scroll position stays.
 */
export class ResultsTab implements PanelTab {
  readonly name = 'results';
  readonly #page: TabSurroundings;
  readonly #when = h('p', { class: 'about' });
  readonly #empty = h('p', { class: 'empty-tab' });
  readonly #blocks = h('div', { class: 'result-blocks' });
  readonly element = h('div', { class: 'results' }, this.#when, this.#empty, this.#blocks);
  #views: readonly BlockView[] = [];
  /** Kind and title of each view. */
  #outline = '';
  #report: Report | null = null;
  #run: RunView | null = null;

  constructor(page: TabSurroundings) {
    this.#page = page;
  }

  show(run: RunView): void {
    this.#run = run;
    this.results(null);
  }

  update(run: RunView): void {
    this.#run = run;
    this.#say();
  }

  appear(): void {
    for (const view of this.#views) view.refresh();
  }

  results(report: Report | null): void {
    this.#report = report;
    const blocks = report?.blocks ?? [];
    const outline = JSON.stringify(blocks.map(({ kind, title }) => [kind, title]));
    if (outline !== this.#outline) {
      this.#outline = outline;
      this.#views = blocks.map((block) => this.#viewOf(block));
      this.#blocks.replaceChildren(...this.#views.map(({ element }) => element));
    }
    blocks.forEach((block, i) => this.#views[i]?.show(block));
    this.#say();
    if (report) this.#page.filled();
  }

  #viewOf({ kind, title }: ReportBlock): BlockView {
    switch (kind) {
      case 'table':
        return new TableView(title, this.#page);
      case 'matrix':
        return new MatrixView(title, this.#page);
      case 'graph':
        return new GraphView(title);
    }
  }

  #say(): void {
    setText(this.#when, this.#report ? `After step ${formatCount(this.#report.step)}.` : '');
    setText(this.#empty, this.#report || !this.#run ? '' : emptyWords(this.#run));
  }
}

/** Why there is nothing to see. */
function emptyWords({ state, validateEvery }: RunView): string {
  const what = 'A task that classifies, tags or translates shows here what its model does: which classes it confuses, its answers to examples, what it attends to.';
  const training = state === 'starting' || state === 'running' || state === 'paused';
  return training ? `Nothing yet. ${what} It comes with a validation, every ${formatCount(validateEvery)} steps.` : `This run has shown nothing of its model. ${what}`;
}
