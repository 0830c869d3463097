import { h, setText } from '../../dom.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';

/** View of one block of a report. */
export interface BlockView {
  readonly element: HTMLElement;
  /** @param block of the kind that the view was created for */
  show(block: ReportBlock): void;
  /** Redraws the block when it becomes visible. */
  refresh(): void;
}

/** Frame of every block: its title, a note, and its content. */
export class BlockFrame {
  readonly element: HTMLElement;
  readonly #note = h('p', { class: 'about' });

  constructor(title: string, ...content: readonly Node[]) {
    this.element = h('section', { class: 'block', 'aria-label': title }, h('h2', {}, title), this.#note, ...content);
  }

  note(text: string): void {
    setText(this.#note, text);
  }
}
