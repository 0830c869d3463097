import * as l10n from '@vscode/l10n';
import type { Inspection, Prediction } from '../../../src/protocol/inspection.ts';
import type { OpenText } from '../../../src/protocol/openText.ts';
import type { SampleView } from '../../../src/protocol/panel.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { button, h, setText } from '../../dom.ts';
import { MAX_SURPRISAL, surprisalBytes } from '../../tokens/surprisalColors.ts';
import { TokenText } from '../../tokens/tokenText.ts';
import { formatLoss } from '../format.ts';
import { SampleList } from '../loss/sampleList.ts';
import { OpenTextHeader } from '../openText/openTextHeader.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { helpOn } from '../../help.ts';

/** Tab "Text": surprisal of each character of the open text, and the most likely characters in its place. */
export class TextTab implements PanelTab {
  readonly name = 'text';
  readonly element: HTMLElement;
  readonly #head: OpenTextHeader;
  readonly #mean = h('p', { class: 'verdict', role: 'status' });
  readonly #text: TokenText;
  readonly #content: HTMLElement;
  readonly #samples = new SampleList();

  constructor(page: TabContext) {
    this.#head = new OpenTextHeader(page);
    this.#text = new TokenText({
      label: l10n.t('The text, colored by surprisal'),
      onChoose: (token) => void page.callHost(() => page.host.goToToken(token)),
    });
    const color = button(
      l10n.t('Color the editor'),
      { title: l10n.t('Color the text in the editor by surprisal') },
      () => void page.callHost(() => page.host.colorBySurprisal()),
    );
    const legend = l10n.t(
      'A stronger color means a less likely character, from 0 to {0} nats or more. Click a character, or press Enter on it, to go to it in the editor.',
      MAX_SURPRISAL,
    );
    this.#content = h(
      'div',
      { class: 'surprisal', hidden: true },
      h('div', { class: 'gates-controls' }, this.#mean, ...helpOn('surprisal'), color),
      this.#text.element,
      h('p', { class: 'notes' }, legend),
    );
    const written = h(
      'section',
      { class: 'samples-below', 'aria-labelledby': 'text-samples' },
      h('h2', { id: 'text-samples' }, l10n.t('Samples')),
      this.#samples.element,
    );
    this.element = h('div', { class: 'surprisal' }, this.#head.element, this.#content, written);
  }

  show(): void {
    this.#content.hidden = true;
    this.#samples.clear();
    this.#head.wait();
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    return undefined;
  }

  samples(samples: readonly SampleView[]): void {
    this.#samples.append(samples);
  }

  openText(openText: OpenText): void {
    this.#head.show(openText);
    this.#content.hidden = openText.state !== 'read';
    if (openText.state !== 'read') return;
    const { inspection, cursor } = openText;
    setText(this.#mean, describeMeanSurprisal(inspection.surprisal));
    this.#text.show({
      tokens: inspection.tokens,
      cursor,
      ...surprisalBytes(inspection.surprisal),
      palette: 'sequential',
      describe: (token) => describeSurprisal(inspection, token),
      details: (token) => predictionRows(inspection.top[token] ?? []),
    });
  }
}

/** Describes a token with its surprisal and the most likely token in its place. */
function describeSurprisal({ tokens, surprisal, top, unknown }: Inspection, token: number): string {
  const name = `"${visibleToken(tokens[token] ?? '')}"`;
  const nats = surprisal[token];
  if (nats == null) return l10n.t('{0}, the first character, without a prediction', name);
  const [likeliest] = top[token] ?? [];
  const own = unknown.includes(token)
    ? l10n.t('{0}, not in the vocabulary, surprisal {1} nats', name, formatLoss(nats))
    : l10n.t('{0}, surprisal {1} nats', name, formatLoss(nats));
  return likeliest ? l10n.t('{0}, most likely was "{1}"', own, visibleToken(likeliest.token)) : own;
}

/** Creates a row with a bar for each of the most likely tokens. */
function predictionRows(top: readonly Prediction[]): Node[] {
  return top.map(({ token, probability }) => {
    const bar = h('span', { class: 'bar' });
    bar.style.width = `${probability * 100}%`;
    return h(
      'div',
      { class: 'prediction' },
      h('code', {}, visibleToken(token)),
      h('span', { class: 'bar-room' }, bar),
      h('span', {}, `${(probability * 100).toFixed(1)} %`),
    );
  });
}

/** Describes the mean over the tokens that have a surprisal. */
function describeMeanSurprisal(surprisal: readonly (number | null)[]): string {
  const known = surprisal.filter((nats) => nats !== null);
  if (known.length === 0) return l10n.t('No predicted characters.');
  const mean = known.reduce((sum, nats) => sum + nats, 0) / known.length;
  return known.length === 1
    ? l10n.t(
        'Mean surprisal {0} nats ({1} bits) per character over 1 character.',
        formatLoss(mean),
        formatLoss(mean / Math.LN2),
      )
    : l10n.t(
        'Mean surprisal {0} nats ({1} bits) per character over {2} characters.',
        formatLoss(mean),
        formatLoss(mean / Math.LN2),
        known.length,
      );
}
