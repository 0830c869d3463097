import * as l10n from '@vscode/l10n';
import type { ExplainedStep } from '../../../src/protocol/explain.ts';
import type { OpenText } from '../../../src/protocol/openText.ts';
import { h, isShown, setText } from '../../dom.ts';
import { TokenText } from '../../tokens/tokenText.ts';
import { OpenTextHeader } from '../openText/openTextHeader.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { backwardContent } from './backwardContent.ts';
import { describeLoss, describePlace, describeStep, describeToken } from './describe.ts';
import { chosenUnit, type ExplainChoice, firstExplainChoice, lossToken } from './explainChoice.ts';
import { ExplainControls } from './explainControls.ts';
import { forwardContent } from './forwardContent.ts';
import { OutputList } from './outputList.ts';
import { PassView } from './passView.ts';
import { StepTable } from './stepTable.ts';
import { WeightControls } from './weightControls.ts';

type Reading = Extract<OpenText, { state: 'read' }>;

/** Palette index of the explained token, and of that of the loss. */
const [EXPLAINED, LOSS] = [200, 110];

/** Tab "Explain": the equations of one unit at one token with their numbers, forward and backward. */
export class ExplainTab implements PanelTab {
  readonly name = 'explain';
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #head: OpenTextHeader;
  readonly #controls = new ExplainControls(
    (change) => this.#change(change),
    (by) => this.#stepBy(by),
  );
  readonly #text: TokenText;
  readonly #sentence = h('p', { class: 'explain-sentence' });
  readonly #weights = new WeightControls((change) => this.#change(change));
  readonly #steps = new StepTable(this.#weights.element);
  readonly #forward: PassView;
  readonly #backward: PassView;
  #outputs: OutputList | undefined;
  readonly #content: HTMLElement;
  #reading: Reading | null = null;
  /** Explained token. It stays while the text and the cursor are the same. */
  #token = 0;
  /** Incremented with each request, to discard responses to earlier ones. */
  #generation = 0;

  constructor(page: TabContext) {
    this.#page = page;
    this.#head = new OpenTextHeader(page);
    this.#text = new TokenText({
      label: l10n.t('The text, with the explained step'),
      frames: page.frames,
      onChoose: (token) => this.#explain(token),
    });
    this.#forward = new PassView(l10n.t('The cell, forward'), (select) => {
      this.#outputs = new OutputList(select);
      return [this.#outputs.element];
    });
    this.#backward = new PassView(l10n.t('The cell, backward'), () => [this.#steps.element]);
    this.#content = h(
      'div',
      { class: 'explain', hidden: true },
      this.#controls.element,
      this.#text.element,
      this.#sentence,
      this.#forward.element,
      this.#backward.element,
    );
    this.element = h('div', {}, this.#head.element, this.#content);
    this.#content.addEventListener('keydown', (event) => this.#key(event));
  }

  show(): void {
    this.#generation++;
    this.#reading = null;
    this.#content.hidden = true;
    this.#head.wait();
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    this.#load();
  }

  /** Shows the open text as the host has read it, or why it was not read. */
  openText(openText: OpenText): void {
    const before = this.#reading;
    this.#head.show(openText);
    this.#reading = openText.state === 'read' ? openText : null;
    this.#content.hidden = this.#reading === null;
    if (this.#reading && !(before && isSamePlace(before, this.#reading))) this.#token = this.#reading.cursor;
    this.#load();
  }

  get #choice(): ExplainChoice {
    return this.#page.store.current.explain ?? firstExplainChoice;
  }

  #change(change: Partial<ExplainChoice>): void {
    this.#page.store.change({ explain: { ...this.#choice, ...change } });
    this.#load();
  }

  #stepBy(by: -1 | 1): void {
    const last = (this.#reading?.inspection.tokens.length ?? 0) - 1;
    const token = this.#token + by;
    if (token >= 0 && token <= last) this.#explain(token);
  }

  #explain(token: number): void {
    this.#token = token;
    this.#load();
  }

  /** Arrow keys step along the text, except in controls that use them. */
  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest('input, select, [role=listbox], [role=region]')) return;
    const steps: Partial<Record<string, -1 | 1>> = { ArrowLeft: -1, ArrowRight: 1 };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#stepBy(by);
  }

  /** Loads the explanation. Does nothing while the tab is hidden. */
  #load(): void {
    const generation = ++this.#generation;
    const reading = this.#reading;
    if (!reading || !isShown(this.element)) return;
    void this.#page.callHost(() => this.#loadReading(reading, generation));
  }

  async #loadReading(reading: Reading, generation: number): Promise<void> {
    const { tokens, layers, id } = reading.inspection;
    const choice = this.#choice;
    const chosen = chosenUnit(choice, layers);
    if (!chosen) return;
    this.#token = Math.min(this.#token, tokens.length - 1);
    const token = this.#token;
    const { layer, unit } = chosen;
    this.#controls.show(choice, chosen, layers);
    this.#controls.showPlace(describePlace(tokens, token), token > 0, token < tokens.length - 1);
    const last = reading.inspection.predicts === 'next-token' ? tokens.length - 2 : tokens.length - 1;
    const lossAt = lossToken(choice.loss, token, last);
    this.#showText(reading, choice.pass === 'backward' ? lossAt : null);
    const at = { inspection: id, layer: layer.layer, direction: layer.direction, unit, token };
    const step = await this.#page.host.explainStep(at);
    if (generation !== this.#generation) return;
    if (choice.pass === 'forward') this.#showForward(step, tokens[token] ?? '', layer.layer, unit);
    else await this.#showBackward(step, { reading, at, lossAt, last, generation });
    this.#page.filled();
  }

  #showText({ inspection: { tokens } }: Reading, lossAt: number | null): void {
    const holes = new Uint8Array(tokens.length).fill(1);
    const values = new Uint8Array(tokens.length);
    const mark = (token: number, value: number) => {
      holes[token] = 0;
      values[token] = value;
    };
    if (lossAt !== null && lossAt >= 0) mark(lossAt, LOSS);
    mark(this.#token, EXPLAINED);
    this.#text.show({
      tokens,
      cursor: null,
      values,
      holes,
      palette: 'sequential',
      describe: (token) => describeToken(tokens, token, this.#token, lossAt),
      details: () => [],
    });
  }

  #showForward(step: ExplainedStep, token: string, layer: string, unit: number): void {
    this.#forward.element.hidden = false;
    this.#backward.element.hidden = true;
    setText(this.#sentence, describeStep(step, token, layer, unit));
    this.#forward.show(forwardContent(step, token), () => this.#outputs?.show(step));
  }

  async #showBackward(
    step: ExplainedStep,
    {
      reading,
      at,
      lossAt,
      last,
      generation,
    }: {
      readonly reading: Reading;
      readonly at: Parameters<TabContext['host']['explainStep']>[0];
      readonly lossAt: number | null;
      readonly last: number;
      readonly generation: number;
    },
  ): Promise<void> {
    const { tokens } = reading.inspection;
    const reached = at.token <= (lossAt ?? last);
    this.#forward.element.hidden = true;
    this.#backward.element.hidden = !reached;
    if (!reached) {
      setText(this.#sentence, l10n.t('The loss does not depend on this step: what follows the text is not known.'));
      return;
    }
    const { gate: wanted, from: wantedFrom } = this.#choice;
    const gates = step.gates.map(({ gate }) => gate);
    const gate = gates.find((each) => each === wanted) ?? gates[0] ?? 'hidden';
    const from = Math.min(wantedFrom, step.units - 1);
    const gradient = await this.#page.host.explainGradient({ ...at, lossAt, gate, from });
    if (generation !== this.#generation) return;
    this.#weights.show(gates, gate, from, step.units);
    setText(this.#sentence, describeLoss(gradient.loss, reading.inspection, at.token, lossAt));
    this.#backward.show(backwardContent(step, gradient), () =>
      this.#steps.show({ weight: gradient.weight, tokens, lossAt, token: at.token }),
    );
  }
}

/** True if two readings have the same text and the same cursor. */
function isSamePlace(one: Reading, other: Reading): boolean {
  const [a, b] = [one.inspection.tokens, other.inspection.tokens];
  return one.cursor === other.cursor && a.length === b.length && a.every((token, i) => token === b[i]);
}
