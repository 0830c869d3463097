import { h } from '../../dom.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import type { TabContext } from '../tabs/tab.ts';
import type { BlockView } from './blockView.ts';
import { ConfusionView } from './confusionView.ts';
import { ForecastView } from './forecastView.ts';
import { GraphView } from './graphView.ts';
import { MatrixView } from './matrixView.ts';
import { TableView } from './tableView.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Services that a page provides to the views of blocks. */
export type BlockContext = Pick<TabContext, 'frames' | 'chartServices'>;

/** Creates the view of each kind of block. */
const VIEWS: Readonly<Record<ReportBlock['kind'], (title: string, page: BlockContext) => BlockView>> = {
  table: (title, page) => new TableView(title, page),
  matrix: (title, page) => new MatrixView(title, page),
  confusion: (title, page) => new ConfusionView(title, page),
  forecast: (title, page) => new ForecastView(title, page),
  graph: (title) => new GraphView(title),
};

/**
 * List of the blocks of a report, independent of the task. A report with the same outline reuses the views, which keeps
 * cursors and scroll positions.
 */
export class BlockList {
  readonly element = h('div', { class: 'result-blocks' });
  readonly #page: BlockContext;
  #views: readonly BlockView[] = [];
  /** Kind and title of each view. */
  #outline = '';

  constructor(page: BlockContext) {
    this.#page = page;
  }

  show(blocks: readonly ReportBlock[]): void {
    const outline = JSON.stringify(blocks.map(({ kind, title }) => [kind, title]));
    if (outline !== this.#outline) {
      this.#outline = outline;
      this.#views = blocks.map((block) => VIEWS[block.kind](say(block.title), this.#page));
      this.element.replaceChildren(...this.#views.map(({ element }) => element));
    }
    blocks.forEach((block, i) => this.#views[i]?.show(block));
  }

  /** Redraws the blocks when they become visible. */
  refresh(): void {
    for (const view of this.#views) view.refresh();
  }
}
