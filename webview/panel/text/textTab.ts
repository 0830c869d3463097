import * as l10n from '@vscode/l10n';
import type { OpenText } from '../../../src/protocol/openText.ts';
import type { SampleView } from '../../../src/protocol/panel.ts';
import { button, h, isShown, setText } from '../../dom.ts';
import { MAX_SURPRISAL } from '../../tokens/surprisalColors.ts';
import { TokenText } from '../../tokens/tokenText.ts';
import { SampleList } from '../loss/sampleList.ts';
import { OpenTextHeader } from '../openText/openTextHeader.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { helpOn } from '../../help.ts';
import { describeMeanSurprisal, surprisalScene } from './surprisal.ts';

/** Tab "Text": surprisal of each character of the open text, and the most likely characters in its place. */
export class TextTab implements PanelTab {
  readonly name = 'text';
  readonly element: HTMLElement;
  readonly #head: OpenTextHeader;
  readonly #mean = h('p', { class: 'verdict', role: 'status' });
  readonly #text: TokenText;
  readonly #content: HTMLElement;
  readonly #samples = new SampleList();
  #reading: Extract<OpenText, { state: 'read' }> | null = null;

  constructor(page: TabContext) {
    this.#head = new OpenTextHeader(page);
    this.#text = new TokenText({
      label: l10n.t('The text, colored by surprisal'),
      frames: page.frames,
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
    this.#reading = null;
    this.#content.hidden = true;
    this.#samples.clear();
    this.#head.wait();
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    this.#showText();
  }

  samples(samples: readonly SampleView[]): void {
    this.#samples.append(samples);
  }

  openText(openText: OpenText): void {
    this.#head.show(openText);
    this.#reading = openText.state === 'read' ? openText : null;
    this.#content.hidden = this.#reading === null;
    this.#showText();
  }

  /** Shows the text that was read. A hidden tab shows it when it appears. */
  #showText(): void {
    if (!this.#reading || !isShown(this.#content)) return;
    const { inspection, cursor } = this.#reading;
    setText(this.#mean, describeMeanSurprisal(inspection.surprisal));
    this.#text.show(surprisalScene(inspection, cursor));
  }
}
