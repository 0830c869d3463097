import * as l10n from '@vscode/l10n';
import type { OpenText } from '../../../src/protocol/openText.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import { countTokens } from '../countTokens.ts';
import type { TabContext } from '../tabs/tab.ts';

const WAITING = l10n.t('Waiting for the text in the editor.');

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
    setText(this.#train, trainable === null ? '' : l10n.t('Train on {0}', trainable));
    this.#train.hidden = trainable === null;
  }
}

/** Names of a text that no editor shows. */
const PLACES: Readonly<Record<'tab' | 'run' | 'logged', (name: string) => string>> = {
  tab: (name) => l10n.t('{0} (open in another tab)', name),
  logged: (name) => name,
  run: (name) => l10n.t('{0} (the text of this run)', name),
};

/**
 * Describes a text, such as "hamlet.txt: 120 characters around the cursor, read by the network after 1,480 steps. 2 of
 * them are not in its vocabulary."
 */
function describeOpenText(openText: Extract<OpenText, { state: 'read' }>): string {
  const { name, elsewhere, row, tokenKind, inspection } = openText;
  const { tokens, unknown, step } = inspection;
  const text = elsewhere === undefined ? name : PLACES[elsewhere](name);
  const counted = countTokens(tokens.length, tokenKind);
  const steps = formatCount(step);
  if (elsewhere === 'logged')
    return l10n.t('{0}: {1}, with the gates that the program has logged after {2} steps.', text, counted, steps);
  const what = row
    ? describeRow(row, text, counted, steps)
    : elsewhere === 'run'
      ? l10n.t('{0}: {1} at its beginning, read by the network after {2} steps.', text, counted, steps)
      : l10n.t('{0}: {1} around the cursor, read by the network after {2} steps.', text, counted, steps);
  return [what, describeUnknown(unknown.length)].filter(Boolean).join(' ');
}

/** Describes a row of a table that was read, or one column of it. */
function describeRow(
  { line, column }: NonNullable<Extract<OpenText, { state: 'read' }>['row']>,
  text: string,
  counted: string,
  steps: string,
): string {
  const at = formatCount(line);
  return column
    ? l10n.t('{0}, line {1}, column "{2}": {3}, read by the network after {4} steps.', text, at, column, counted, steps)
    : l10n.t('{0}, line {1}: {2}, read by the network after {3} steps.', text, at, counted, steps);
}

/** Says how many tokens are not in the vocabulary; empty if all are. */
function describeUnknown(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? l10n.t('1 of them is not in its vocabulary.')
    : l10n.t('{0} of them are not in its vocabulary.', formatCount(count));
}
