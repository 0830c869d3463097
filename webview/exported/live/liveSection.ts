import * as l10n from '@vscode/l10n';
import { liveModel, type ExportedRun } from '../../../src/protocol/exportedPage.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { liveModelContract } from '../../../src/protocol/liveModel.ts';
import { connect, type Remote } from '../../../src/protocol/rpc.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { button, h, setText } from '../../dom.ts';
import { LatestOnly } from '../../latestOnly.ts';
import { firstColumns } from '../../panel/gates/gateScene.ts';
import { GenerateTab } from '../../panel/generate/generateTab.ts';
import { describeMeanSurprisal, predictionRows, surprisalScene } from '../../panel/text/surprisal.ts';
import { TokenText } from '../../tokens/tokenText.ts';
import { AnswerView } from '../answerView.ts';
import type { PageServices } from '../pageServices.ts';
import { PassageGates } from '../passageGates.ts';
import { section } from '../section.ts';
import { LiveGeneration } from './liveGeneration.ts';
import { liveModelPort } from './liveModelPort.ts';

/** Number of the most likely next tokens that are shown. */
const TOP = 10;

/** A token that every vocabulary has: the prediction of the next token is that of the place where it is read. */
const PROBE = '\n';

/** Name of the reader at the model. */
const READER = 'page';

const MAX_TEXT = 500;

type Model = Remote<typeof liveModelContract>;

/** The model of the page: it reads a text that the reader of the page types, answers to it, and writes texts. */
export function liveSection(json: string, run: ExportedRun, services: PageServices): HTMLElement {
  const model = connect({
    port: liveModelPort(),
    serves: {},
    functions: {},
    calls: liveModelContract,
    onError: (error) => fail(error),
  }).remote;
  const status = h('p', { class: 'about', role: 'status' }, l10n.t('Opening the model.'));
  const fail = (error: unknown) => setText(status, error instanceof Error ? error.message : String(error));
  const typed = h('textarea', { id: 'live-text', rows: 4, maxlength: MAX_TEXT, spellcheck: 'false' });
  typed.value = firstText(run);
  const content = h(
    'div',
    { class: 'live', hidden: true },
    h('label', { for: typed.id }, l10n.t('Text for the model to read')),
    typed,
  );
  const begin = async () => {
    const { reads, answers, writes } = await model.openModel(liveModel.parse(JSON.parse(json)));
    const readers = [
      ...(answers ? [answerReader(model)] : []),
      ...(reads ? [new TokenReader(model, typed, services, writes)] : []),
    ];
    const latest = new LatestOnly<string>(
      async (text) => {
        try {
          const notes = await Promise.all(readers.map(async (each) => each.read(text)));
          if (typed.value === text) setText(status, notes.join(' ').trim());
        } catch (error) {
          fail(error);
        }
      },
      (a, b) => a === b,
    );
    typed.addEventListener('input', () => latest.request(typed.value));
    content.append(...readers.map(({ element }) => element), ...(writes ? writing(model, run, services, fail) : []));
    content.hidden = false;
    setText(status, '');
    latest.request(typed.value);
  };
  begin().catch(fail);
  return section('live', l10n.t('Try the model'), status, content);
}

/** Part of the section that reads each typed text. */
interface Reader {
  readonly element: HTMLElement;
  /** @returns a note on the text; empty for none */
  read(text: string): Promise<string>;
}

/** The text that is typed when the page opens. */
function firstText({ passage, view }: ExportedRun): string {
  if (passage.state === 'answered') return passage.text.slice(0, MAX_TEXT);
  if (passage.state === 'unread') return view.sampling.prompt;
  const { tokens, predicts } = passage.inspection;
  return predicts === 'next-token' ? tokens.slice(0, 80).join('') : tokens.join(' ').slice(0, MAX_TEXT);
}

/** Shows the class of a text, or the labels of its words. */
function answerReader(model: Model): Reader {
  const view = new AnswerView();
  return {
    element: view.element,
    async read(text) {
      view.show(await model.answer(text, TOP));
      return '';
    },
  };
}

/** Reads a text token by token: surprisal and next tokens of a language model, and the gates and states of any. */
class TokenReader implements Reader {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #typed: HTMLTextAreaElement;
  readonly #predicts: boolean;
  readonly #mean = h('p', { class: 'verdict', role: 'status' });
  readonly #colored: TokenText;
  readonly #next = h('div', { class: 'next-tokens' });
  readonly #gates: PassageGates;

  /** @param predicts whether the model predicts the next token */
  constructor(model: Model, typed: HTMLTextAreaElement, services: PageServices, predicts: boolean) {
    this.#model = model;
    this.#typed = typed;
    this.#predicts = predicts;
    this.#colored = new TokenText({
      label: l10n.t('The text, colored by surprisal'),
      frames: services.frames,
      onChoose: () => undefined,
    });
    this.#gates = new PassageGates('live-layer', l10n.t('typed text'), services);
    const add = button(l10n.t('Add the most likely'), {}, () => {
      typed.value += this.#next.querySelector('code')?.dataset['token'] ?? '';
      typed.dispatchEvent(new Event('input'));
    });
    const predictions = [
      this.#mean,
      this.#colored.element,
      h('h3', {}, l10n.t('Next')),
      this.#next,
      h('div', { class: 'tools' }, add),
    ];
    this.element = h('div', { class: 'live' }, ...(predicts ? predictions : []), this.#gates.element);
  }

  async read(text: string): Promise<string> {
    if (!this.#predicts && text.trim() === '') return '';
    const probe = this.#predicts ? PROBE : '';
    const inspection = await this.#model.inspect({ reader: READER, text: `${text}${probe}`, from: 0, top: TOP });
    if (this.#typed.value !== text) return '';
    const own = this.#predicts ? withoutLast(inspection) : inspection;
    if (this.#predicts) {
      this.#colored.show(surprisalScene(own, null));
      setText(this.#mean, text === '' ? '' : describeMeanSurprisal(own.surprisal));
      this.#next.replaceChildren(...predictionRows(inspection.top.at(-1) ?? []));
    }
    await this.#gates.show(own, async ({ layer, direction }, activation) => {
      const request = { inspection: inspection.id, layer, direction, activation, sort: 'index' } as const;
      return firstColumns(await this.#model.activationMap(request), own.tokens.length);
    });
    return describeUnknown(own);
  }
}

/** The form that writes texts with the model. */
function writing(
  model: Model,
  { view }: ExportedRun,
  { frames, store }: PageServices,
  fail: (error: unknown) => void,
): HTMLElement[] {
  const writer = new GenerateTab({
    frames,
    store,
    callHost: async (request) => request().catch(fail),
    host: {
      describeWriter: async () => model.describeWriter(),
      generate: async (request) => generation.begin(request),
      stopGenerating: async () => generation.stop(),
    },
  });
  const generation = new LiveGeneration(model, (change) => writer.generation(change));
  writer.show(view);
  writer.appear();
  return [h('h3', {}, l10n.t('Generate')), writer.element];
}

/** A reading without its last token. */
function withoutLast(inspection: Inspection): Inspection {
  const count = inspection.tokens.length - 1;
  const { tokens, offsets, unknown, surprisal, top } = inspection;
  return {
    ...inspection,
    tokens: tokens.slice(0, count),
    offsets: offsets.slice(0, count),
    unknown: unknown.filter((index) => index < count),
    surprisal: surprisal.slice(0, count),
    top: top.slice(0, count),
  };
}

function describeUnknown({ unknown, tokens }: Inspection): string {
  if (unknown.length === 0) return '';
  const names = [...new Set(unknown.map((index) => `"${visibleToken(tokens[index] ?? '')}"`))];
  return l10n.t('Not in the vocabulary: {0}', names.join(', '));
}
