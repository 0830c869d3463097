import * as l10n from '@vscode/l10n';
import { defaultDrawing } from '../../../src/config/drawing.ts';
import type { GeneratedPiece, GenerationRequest, WriterForm } from '../../../src/protocol/generation.ts';
import type { GenerationChange } from '../../../src/protocol/generateTab.ts';
import type { RemotePanelHost, RunView } from '../../../src/protocol/panel.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { h, setText } from '../../dom.ts';
import { MAX_SURPRISAL, surprisalBytes } from '../../tokens/surprisalColors.ts';
import { TokenText } from '../../tokens/tokenText.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { BeamList } from './beamList.ts';
import {
  describeBeam,
  describeDrawn,
  describeRules,
  describeText,
  describeUnknown,
  type ShownText,
} from './describeGeneration.ts';
import { GenerateForm } from './generateForm.ts';
import { TokenCard } from './tokenCard.ts';

/** Number of characters or words to write unless the user says otherwise. */
const DEFAULT_LENGTH = { character: 400, word: 100, subword: 150 } as const;

/** Services that the tab needs, so that a page without an extension can show it. */
type GenerateContext = Pick<TabContext, 'store' | 'callHost' | 'frames'> & {
  readonly host: Pick<RemotePanelHost, 'describeWriter' | 'generate' | 'stopGenerating'>;
};

/** Tab "Generate": a text that the model writes while it is shown, with the probabilities of each token. */
export class GenerateTab implements PanelTab {
  readonly name = 'generate';
  readonly element: HTMLElement;
  readonly #page: GenerateContext;
  readonly #form: GenerateForm;
  readonly #status = h('p', { class: 'verdict', role: 'status' });
  readonly #unknown = h('p', { class: 'message', role: 'status' });
  readonly #tokens: TokenText;
  readonly #card = new TokenCard();
  readonly #beam = new BeamList();
  readonly #content: HTMLElement;
  #run: RunView | null = null;
  /** What the model of the run writes; null before it is known. */
  #writer: WriterForm | null = null;
  #isAsking = false;
  #text: ShownText | null = null;
  /** Index of the piece on the card; null for the newest one. */
  #chosen: number | null = null;

  constructor(page: GenerateContext) {
    this.#page = page;
    const { host, store, callHost } = page;
    this.#form = new GenerateForm({
      edited: (generation) => store.change({ generation }),
      generate: (request) => void callHost(() => host.generate(request)),
      stop: () => void callHost(() => host.stopGenerating()),
    });
    this.#tokens = new TokenText({
      label: l10n.t('The generated text, colored by surprisal'),
      frames: page.frames,
      onChoose: (token) => this.#read(token),
      onRead: (token) => token !== null && this.#read(token),
    });
    this.#content = h(
      'div',
      { class: 'generated', hidden: true },
      h(
        'div',
        { class: 'generated-text' },
        this.#tokens.element,
        h(
          'p',
          { class: 'notes' },
          l10n.t('A stronger color means a less likely token, from 0 to {0} nats or more.', MAX_SURPRISAL),
        ),
      ),
      this.#card.element,
      this.#beam.element,
    );
    this.#form.element.hidden = true;
    this.element = h('div', { class: 'generate' }, this.#form.element, this.#unknown, this.#status, this.#content);
  }

  show(run: RunView): void {
    const isSame = this.#run?.id === run.id;
    this.#run = run;
    if (isSame) return;
    this.#writer = null;
    this.#form.element.hidden = true;
    this.#show(null);
    this.#askWriter();
  }

  update(run: RunView): void {
    const hasChanged = this.#run?.state !== run.state;
    this.#run = run;
    if (hasChanged) this.#askWriter();
  }

  appear(): void {
    this.#askWriter();
  }

  generation({ from, pieces, ...change }: GenerationChange): void {
    const before = this.#text?.id === change.id ? this.#text.pieces.slice(0, from) : [];
    this.#show({ ...change, pieces: [...before, ...pieces] }, before.length);
  }

  /** Asks what the model writes, once the tab is visible and the run has a model. */
  #askWriter(): void {
    const run = this.#run;
    const { host } = this.#page;
    const isVisible = this.element.closest('[hidden]') === null;
    if (!run || this.#writer || this.#isAsking || !isVisible || !run.applies.tabs.includes(this.name)) return;
    if (run.state === 'starting' || run.state === 'waiting')
      return setText(this.#status, l10n.t('The run has not started yet.'));
    setText(this.#status, l10n.t('Opening the model.'));
    this.#isAsking = true;
    host
      .describeWriter()
      .then(
        (writer) => run.id === this.#run?.id && this.#setWriter(writer),
        (error: unknown) => setText(this.#status, error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        this.#isAsking = false;
      });
  }

  #setWriter(writer: WriterForm): void {
    this.#writer = writer;
    this.#form.describe(writer);
    this.#form.fill(this.#page.store.current.generation ?? this.#defaults(writer));
    this.#form.element.hidden = false;
    setText(this.#status, '');
    this.#show(this.#text);
  }

  #defaults({ tokenKind, beam }: WriterForm): GenerationRequest {
    const { prompt, ...drawing } = this.#run?.sampling ?? { prompt: '', ...defaultDrawing };
    return { prompt, ...drawing, length: DEFAULT_LENGTH[tokenKind], label: null, seed: 1, samples: 1, beam };
  }

  /** Shows a text, of which the first pieces are on screen. */
  #show(text: ShownText | null, from = 0): void {
    if (text?.id !== this.#text?.id) this.#chosen = null;
    this.#text = text;
    this.#form.showWriting(text?.state === 'opening' || text?.state === 'writing');
    this.#content.hidden = !text || text.pieces.length === 0;
    this.#showStatus();
    if (!text) return;
    this.#showTokens(text, from);
    this.#showCard();
  }

  #showStatus(): void {
    const [text, writer] = [this.#text, this.#writer];
    setText(this.#unknown, text ? describeUnknown(text) : '');
    if (!text || !writer) return this.#beam.show('', []);
    setText(this.#status, describeText(text, writer));
    this.#beam.show(describeBeam(text, writer), text.beam);
  }

  #showTokens({ pieces, request }: ShownText, from: number): void {
    // The prompt of a continued text is shown before it.
    const head = this.#headLength();
    const prompt = head > 0 ? [request.prompt] : [];
    const scene = {
      tokens: [...prompt, ...pieces.map(tokenOf)],
      cursor: null,
      ...surprisalBytes([
        ...prompt.map(() => null),
        ...pieces.map(({ drawn }) => drawn && (drawn.surprisal ?? Infinity)),
      ]),
      palette: 'sequential' as const,
      describe: (token: number) => this.#describe(token),
      // The card shows them.
      details: null,
    };
    if (from > 0) this.#tokens.grow(scene, head + from);
    else this.#tokens.show(scene);
  }

  /** Number of tokens of the shown text that are not pieces: 1 for a prompt. */
  #headLength(): number {
    return this.#writer?.kind === 'continues' && this.#text && this.#text.request.prompt !== '' ? 1 : 0;
  }

  #piece(token: number): GeneratedPiece | undefined {
    return this.#text?.pieces[token - this.#headLength()];
  }

  #describe(token: number): string {
    const piece = this.#piece(token);
    if (piece?.drawn) return describeDrawn(piece.drawn, this.#isSampled);
    const text = piece ? tokenOf(piece).trim() : (this.#text?.request.prompt ?? '');
    return l10n.t('{0}, not written by the model', text.replaceAll('\n', visibleToken('\n')));
  }

  #read(token: number): void {
    if (!this.#piece(token)?.drawn) return;
    this.#chosen = token;
    this.#showCard();
  }

  #showCard(): void {
    const chosen = this.#chosen === null ? this.#text?.pieces.at(-1) : this.#piece(this.#chosen);
    if (chosen?.drawn) this.#card.show(chosen.drawn, this.#afterHeading());
    else if (this.#chosen === null && !this.#text?.pieces.some(({ drawn }) => drawn)) this.#card.clear();
  }

  get #isSampled(): boolean {
    return this.#writer?.kind !== 'converts';
  }

  #afterHeading(): string | null {
    if (!this.#text || !this.#isSampled) return null;
    return describeRules(this.#text.request);
  }
}

/** A piece on screen: a heading where one of several texts begins, and a mark by its name. */
function tokenOf({ text, drawn, begins }: GeneratedPiece): string {
  if (begins === undefined) return text || (drawn?.token ?? '');
  const heading = l10n.t('Text {0}', begins);
  return begins === 1 ? `${heading}\n` : `\n\n${heading}\n`;
}
