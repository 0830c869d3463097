import * as l10n from '@vscode/l10n';
import { formatCount } from '../../charts/number.ts';
import { h, setText } from '../../dom.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import type { Report } from '../../../src/protocol/report.ts';
import { nameStep } from '../../../src/protocol/steps.ts';
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
    const when = this.#report && this.#run ? nameStep(this.#run.applies, this.#report.step) : '';
    setText(this.#when, when && l10n.t('After {0}.', when));
    setText(this.#empty, this.#report || !this.#run ? '' : describeEmpty(this.#run));
  }
}

/** Explains why there is no report. */
function describeEmpty({ state, validateEvery, applies }: RunView): string {
  const inTraining = state === 'waiting' || state === 'starting' || state === 'running' || state === 'paused';
  if (!inTraining) return l10n.t('This run ended before its first validation, so it has no results.');
  return applies.training === 'steps'
    ? l10n.t(
        'The first results follow the first validation, at step {0}. Each validation updates them.',
        formatCount(validateEvery),
      )
    : l10n.t('The results follow when the model is fitted to the data.');
}
