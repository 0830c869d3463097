import { formatCount } from '../../charts/number.ts';
import { h, setText } from '../../dom.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import type { Report } from '../../../src/protocol/report.ts';
import type { PanelTab, TabSurroundings } from '../tabs/tab.ts';
import { BlockList } from './blockList.ts';

/** The tab "Results": what the task shows of its model. */
export class ResultsTab implements PanelTab {
  readonly name = 'results';
  readonly #page: TabSurroundings;
  readonly #when = h('p', { class: 'about' });
  readonly #empty = h('p', { class: 'empty-tab' });
  readonly #blocks: BlockList;
  readonly element: HTMLElement;
  #report: Report | null = null;
  #run: RunView | null = null;

  constructor(page: TabSurroundings) {
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
    this.#say();
  }

  appear(): void {
    this.#blocks.refresh();
  }

  results(report: Report | null): void {
    this.#report = report;
    this.#blocks.show(report?.blocks ?? []);
    this.#say();
    if (report) this.#page.filled();
  }

  #say(): void {
    setText(this.#when, this.#report ? `After step ${formatCount(this.#report.step)}.` : '');
    setText(this.#empty, this.#report || !this.#run ? '' : describeEmpty(this.#run));
  }
}

/** Why there is nothing to see. */
function describeEmpty({ state, validateEvery }: RunView): string {
  const what =
    'A task that classifies, tags or translates shows here what its model does: which classes it confuses, its answers to examples, what it attends to.';
  const training = state === 'starting' || state === 'running' || state === 'paused';
  return training
    ? `Nothing yet. ${what} It comes with a validation, every ${formatCount(validateEvery)} steps.`
    : `This run has shown nothing of its model. ${what}`;
}
