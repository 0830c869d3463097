import { formatCount } from '../../charts/number.ts';
import { h, setText } from '../../dom.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import type { Report } from '../../../src/protocol/report.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { BlockList } from './blockList.ts';

/** Tab "Results": the report of the run's task on its model. */
export class ResultsTab implements PanelTab {
  readonly name = 'results';
  readonly #page: TabContext;
  readonly #when = h('p', { class: 'about' });
  readonly #empty = h('p', { class: 'empty-tab' });
  readonly #blocks: BlockList;
  readonly element: HTMLElement;
  #report: Report | null = null;
  #run: RunView | null = null;

  constructor(page: TabContext) {
    this.#page = page;
    this.#blocks = new BlockList(page);
    this.element = h('div', { class: 'results' }, this.#when, this.#empty, this.#blocks.element);
  }

  show(run: RunView): void {
    this.#run = run;
    this.results(null);
  }

  update(run: RunView): void {
    this.#run = run;
    this.#showStatus();
  }

  appear(): void {
    this.#blocks.refresh();
  }

  results(report: Report | null): void {
    this.#report = report;
    this.#blocks.show(report?.blocks ?? []);
    this.#showStatus();
    if (report) this.#page.filled();
  }

  #showStatus(): void {
    setText(this.#when, this.#report ? `After step ${formatCount(this.#report.step)}.` : '');
    setText(this.#empty, this.#report || !this.#run ? '' : describeEmpty(this.#run));
  }
}

/** Explains why there is no report. */
function describeEmpty({ state, validateEvery }: RunView): string {
  const what =
    'Classification, tagging and translation tasks report here: confused classes, predictions for examples, attention.';
  const training = state === 'starting' || state === 'running' || state === 'paused';
  return training
    ? `No results yet. ${what} The report is updated at each validation, every ${formatCount(validateEvery)} steps.`
    : `This run has no results. ${what}`;
}
