import { h, setText } from '../../dom.ts';
import { say } from '../../../src/phrases/phrase.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { blockTerms } from '../../../src/protocol/glossary/terms.ts';
import { headingWithHelp } from '../../help.ts';

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
    const term = blockTerms.find((block) => say(block.title) === title)?.term;
    const heading = h('h2', {}, title);
    this.element = h(
      'section',
      { class: 'block', 'aria-label': title },
      term ? headingWithHelp(heading, term) : heading,
      this.#note,
      ...content,
    );
  }

  note(text: string): void {
    setText(this.#note, text);
  }
}
