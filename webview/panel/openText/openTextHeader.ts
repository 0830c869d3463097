import * as l10n from '@vscode/l10n';
import type { OpenText } from '../../../src/protocol/openText.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';

const WAITING = 'Waiting for the text in the editor.';

/** Header that describes the text and the state of the model; or why no text is shown, with a button to train on it. */
export class OpenTextHeader {
  readonly element: HTMLElement;
  readonly #description = h('p', { class: 'reading-head', role: 'status' }, WAITING);
  readonly #train: HTMLButtonElement;

  constructor({ host, callHost }: Pick<TabContext, 'host' | 'callHost'>) {
    this.#train = button('', { class: 'primary', hidden: true }, () => void callHost(() => host.trainOpenText()));
    this.element = h('div', { class: 'open-text' }, this.#description, this.#train);
  }

  wait(): void {
    setText(this.#description, WAITING);
    this.#train.hidden = true;
  }

  show(openText: OpenText): void {
    setText(this.#description, openText.state === 'read' ? describeOpenText(openText) : openText.reason);
    const trainable = openText.state === 'unread' ? openText.trainable : null;
    setText(this.#train, trainable === null ? '' : `Train on ${trainable}`);
    this.#train.hidden = trainable === null;
  }
}

/** Names of a text that no editor shows. */
const PLACES: Readonly<Record<'tab' | 'run', (name: string) => string>> = {
  tab: (name) => l10n.t('{0} (open in another tab)', name),
  run: (name) => l10n.t('{0} (the text of this run)', name),
};

/**
 * Describes a text, such as "hamlet.txt: 120 characters around the cursor, read by the network after 1,480 steps. 2 of
 * them are not in its vocabulary."
 */
function describeOpenText(openText: Extract<OpenText, { state: 'read' }>): string {
  const { name, elsewhere, row, tokenKind, inspection } = openText;
  const { tokens, unknown, step } = inspection;
  const unknownNote =
    unknown.length === 0
      ? ''
      : ` ${formatCount(unknown.length)} of them ${unknown.length === 1 ? 'is' : 'are'} not in its vocabulary.`;
  const tokenCount = `${formatCount(tokens.length)} ${tokenKind}${tokens.length === 1 ? '' : 's'}`;
  const column = row?.column ? `, column "${row.column}"` : '';
  const text = elsewhere === undefined ? name : PLACES[elsewhere](name);
  const what =
    row === null
      ? `${text}: ${tokenCount} ${elsewhere === 'run' ? l10n.t('at its beginning') : 'around the cursor'}`
      : `${text}, line ${formatCount(row.line)}${column}: ${tokenCount}`;
  return `${what}, read by the network after ${formatCount(step)} steps.${unknownNote}`;
}
