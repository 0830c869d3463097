import { h } from '../../dom.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import type { TabSurroundings } from '../tabs/tab.ts';
import type { BlockView } from './blockView.ts';
import { GraphView } from './graphView.ts';
import { MatrixView } from './matrixView.ts';
import { TableView } from './tableView.ts';

/** What the views of blocks get from the page that they stand on. */
export type BlockSurroundings = Pick<TabSurroundings, 'frames' | 'chartServices'>;

/**
 * Blocks of a report, one below the other. It knows the kinds of blocks, and no task. The next blocks of the same
 * outline go into the views that are there, so that a cursor or a scroll position stays.
 */
export class BlockList {
  readonly element = h('div', { class: 'result-blocks' });
  readonly #page: BlockSurroundings;
  #views: readonly BlockView[] = [];
  /** Kind and title of each view. */
  #outline = '';

  constructor(page: BlockSurroundings) {
    this.#page = page;
  }

  show(blocks: readonly ReportBlock[]): void {
    const outline = JSON.stringify(blocks.map(({ kind, title }) => [kind, title]));
    if (outline !== this.#outline) {
      this.#outline = outline;
      this.#views = blocks.map((block) => this.#viewOf(block));
      this.element.replaceChildren(...this.#views.map(({ element }) => element));
    }
    blocks.forEach((block, i) => this.#views[i]?.show(block));
  }

  /** The blocks have come on screen. */
  refresh(): void {
    for (const view of this.#views) view.refresh();
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
}
