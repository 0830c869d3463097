import type { OpenText } from '../../../src/protocol/openText.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import type { TabSurroundings } from '../tabs/tab.ts';

const WAITING = 'Waiting for the text that is open in the editor.';

/** Which text is read, by which state of the model; or why none is, with the offer to train a run on it. */
export class ReadingHead {
  readonly element: HTMLElement;
  readonly #words = h('p', { class: 'reading-head', role: 'status' }, WAITING);
  readonly #train: HTMLButtonElement;

  constructor({ host, ask }: Pick<TabSurroundings, 'host' | 'ask'>) {
    this.#train = button('', { class: 'primary', hidden: true }, () => void ask(() => host.trainOpenText()));
    this.element = h('div', { class: 'open-text' }, this.#words, this.#train);
  }

  wait(): void {
    setText(this.#words, WAITING);
    this.#train.hidden = true;
  }

  show(openText: OpenText): void {
    setText(this.#words, openText.state === 'read' ? describeReading(openText) : openText.reason);
    const trainable = openText.state === 'unread' ? openText.trainable : null;
    setText(this.#train, trainable === null ? '' : `Train on ${trainable}`);
    this.#train.hidden = trainable === null;
  }
}

/**
 * Such as "hamlet.txt: 120 characters around the cursor, as the network reads them after 1,480 steps. 2 of them are
 * unknown to it."
 */
function describeReading({ name, row, tokenKind, inspection }: Extract<OpenText, { state: 'read' }>): string {
  const { tokens, unknown, step } = inspection;
  const strange =
    unknown.length === 0
      ? ''
      : ` ${formatCount(unknown.length)} of them ${unknown.length === 1 ? 'is' : 'are'} unknown to it.`;
  const tokenCount = `${formatCount(tokens.length)} ${tokenKind}${tokens.length === 1 ? '' : 's'}`;
  const column = row?.column ? `, column "${row.column}"` : '';
  const what =
    row === null
      ? `${name}: ${tokenCount} around the cursor`
      : `${name}, line ${formatCount(row.line)}${column}: ${tokenCount}`;
  return `${what}, as the network reads them after ${formatCount(step)} steps.${strange}`;
}
