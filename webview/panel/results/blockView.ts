import { h, setText } from '../../dom.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';

/** One block of a report on screen. */
export interface BlockView {
  readonly element: HTMLElement;
  /** @param block of the kind that the view was made for */
  show(block: ReportBlock): void;
  /** The block has come on screen: draws what waited for that. */
  refresh(): void;
}

/** The frame that all blocks share: their title, what there is to see, and a sentence about it. */
export class BlockFrame {
  readonly element: HTMLElement;
  readonly #note = h('p', { class: 'about' });

  constructor(title: string, ...content: readonly Node[]) {
    this.element = h('section', { class: 'block', 'aria-label': title }, h('h2', {}, title), this.#note, ...content);
  }

  note(words: string): void {
    setText(this.#note, words);
  }
}
