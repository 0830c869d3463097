import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationMap, Inspection } from '../../../src/protocol/inspection.ts';
import type { OpenText } from '../../../src/protocol/openText.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import type { Cell } from '../../charts/heatMapScene.ts';
import { h } from '../../dom.ts';
import { TokenBars } from '../../tokens/tokenBars.ts';
import { ReadingHead } from '../openText/readingHead.ts';
import type { PanelTab, TabSurroundings } from '../tabs/tab.ts';
import { GateMaps } from './gateMaps.ts';
import { choiceFor, firstChoice, tokensFor, type GatesChoice, type ShownChoice } from './gatesChoice.ts';
import { GatesControls } from './gatesControls.ts';
import { gateScene, inOrder } from './gateScene.ts';
import { UnitTraceStore } from './unitTraces.ts';
import { UnitView } from './unitView.ts';

/** The maps stand in two columns from this width of the window on, as the style sheet says. */
const SIDE_BY_SIDE = matchMedia('(min-width: 1180px)');
const GAP = 24;

/** The tab "Gates": what every unit of a layer does at every character around the cursor of the text now open. */
export class GatesTab implements PanelTab {
  readonly name = 'gates';
  readonly element: HTMLElement;
  readonly #page: TabSurroundings;
  readonly #head: ReadingHead;
  readonly #controls = new GatesControls((change) => this.#change(change));
  readonly #maps: GateMaps;
  readonly #unit: UnitView;
  readonly #bars = new TokenBars('How strongly the prediction leans on each character before it');
  readonly #content: HTMLElement;
  readonly #traces: UnitTraceStore;
  #reading: Extract<OpenText, { state: 'read' }> | null = null;
  #shown: ShownChoice | null = null;
  /** Unit number of each row of the maps. */
  #order: readonly number[] = [];
  /** Tokens that the host was last asked to read. */
  #asked = 0;
  /**
   * The token whose prediction is asked about, and the tokens that it is one of: it stays chosen while the same text is
   * read again.
   */
  #chosen: { readonly token: number; readonly tokens: readonly string[] } | null = null;
  /** Counts what is shown; the answer to a question about something else is stale. */
  #turn = 0;

  constructor(page: TabSurroundings) {
    this.#page = page;
    this.#head = new ReadingHead(page);
    this.#maps = new GateMaps(page, (cell) => this.#chosenCell(cell));
    this.#unit = new UnitView(page, {
      chooseUnit: (unit) => this.#change({ unit }),
      chooseColoring: (coloring) => this.#change({ coloring }),
      chooseToken: (token) => void this.#showConnectivity(token),
      colorEditor: () => void page.ask(async () => this.#withUnit((unit) => page.host.colorByUnit(unit))),
      findFirings: () => void page.ask(async () => this.#withUnit((unit) => page.host.findFirings(unit))),
    });
    this.#traces = new UnitTraceStore(page.host, page.ask, (unit) => this.#traced(unit));
    const leaning = h(
      'section',
      { 'aria-labelledby': 'gates-leaning' },
      h('h2', { id: 'gates-leaning' }, 'What a prediction leans on'),
      this.#bars.element,
    );
    this.#content = h(
      'div',
      { class: 'gates', hidden: true },
      this.#controls.element,
      this.#maps.element,
      this.#unit.element,
      leaning,
    );
    this.element = h('div', {}, this.#head.element, this.#content);
    new ResizeObserver(() => this.#askTokens()).observe(this.element);
  }

  show(): void {
    this.#turn++;
    this.#reading = null;
    this.#content.hidden = true;
    this.#head.wait();
    this.#asked = 0;
    this.#askTokens();
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    this.#askTokens();
    this.#maps.refresh();
    this.#unit.appear();
  }

  /** The host has read the open text, or says why not. */
  openText(openText: OpenText): void {
    this.#head.show(openText);
    this.#reading = openText.state === 'read' ? openText : null;
    this.#content.hidden = this.#reading === null;
    this.#load();
  }

  /** Tells the host how many tokens there is room for, where that has changed. A tab that is not on screen has none. */
  #askTokens(): void {
    const { clientWidth } = this.element;
    const width = SIDE_BY_SIDE.matches ? (clientWidth - GAP) / 2 : clientWidth;
    const tokens = tokensFor(this.#choice, width);
    if (clientWidth === 0 || tokens === this.#asked) return;
    this.#asked = tokens;
    void this.#page.ask(() => this.#page.host.readTokens(tokens));
  }

  get #choice(): GatesChoice {
    return this.#page.store.current.gates ?? firstChoice;
  }

  #change(change: Partial<GatesChoice>): void {
    this.#page.store.change({ gates: { ...this.#choice, ...change } });
    if (change.tokens !== undefined) this.#askTokens();
    else if (change.unit !== undefined || change.coloring !== undefined) this.#showUnit();
    else this.#load();
  }

  /** Asks for everything that is shown of the reading. */
  #load(): void {
    const turn = ++this.#turn;
    const reading = this.#reading;
    if (!reading) return;
    const { inspection } = reading;
    const shown = choiceFor(this.#choice, inspection.layers);
    this.#shown = shown;
    if (!shown) return;
    this.#controls.show(this.#choice, shown, inspection.layers);
    this.#maps.choose(shown.activations);
    this.#traces.restart(inspection.id, shown.layer);
    this.#showUnit();
    const chosen = this.#chosen;
    if (chosen && sameTokens(chosen.tokens, inspection.tokens)) void this.#showConnectivity(chosen.token);
    else this.#clearBars();
    void this.#page.ask(() => this.#loadMaps(turn, inspection, shown));
  }

  /** The first map leads: the others show their units in its order. */
  async #loadMaps(turn: number, inspection: Inspection, { layer, activations }: ShownChoice): Promise<void> {
    const ask = async (activation: ActivationName, first: boolean) =>
      this.#page.host.activationMap({
        inspection: inspection.id,
        layer: layer.layer,
        direction: layer.direction,
        activation,
        sort: first ? this.#choice.sort : 'index',
      });
    const maps = await Promise.all(
      activations.map(async (activation, i) => ({ activation, map: await ask(activation, i === 0) })),
    );
    const order = maps[0]?.map.order;
    if (turn !== this.#turn || !order) return;
    this.#order = order;
    for (const { activation, map } of maps) {
      this.#showMap(activation, inOrder(map, order), inspection);
      // A map a frame: all of them at once would hold up the page.
      await new Promise(requestAnimationFrame);
      if (turn !== this.#turn) return;
    }
    this.#page.filled();
  }

  #showMap(activation: ActivationName, map: ActivationMap, { tokens }: Inspection): void {
    this.#maps.show(
      activation,
      gateScene(activation, map, tokens, (unit, token) => this.#allValues(unit, token)),
    );
  }

  /** Every value of a unit at a token, once the host has told them. */
  #allValues(unit: number, token: number): string[] {
    const traces = this.#traces.glance(unit);
    return (
      traces?.map(
        ({ activation, values }) => `${activationNames[activation].name} ${values[token]?.toFixed(3) ?? '?'}`,
      ) ?? []
    );
  }

  #traced(unit: number): void {
    this.#maps.refresh();
    if (unit === this.#shown?.unit) this.#showUnit();
  }

  #showUnit(): void {
    const reading = this.#reading;
    this.#shown = choiceFor(this.#choice, reading?.inspection.layers ?? []);
    if (reading && this.#shown)
      this.#unit.show(this.#shown, reading.inspection, reading.cursor, this.#traces.chosen(this.#shown.unit));
  }

  #chosenCell({ row, column }: Cell): void {
    const unit = this.#order[row];
    if (unit !== undefined) this.#change({ unit });
    void this.#showConnectivity(column);
  }

  async #showConnectivity(token: number): Promise<void> {
    const reading = this.#reading;
    if (!reading) return;
    const turn = this.#turn;
    const { id, tokens } = reading.inspection;
    this.#chosen = { token, tokens };
    await this.#page.ask(async () => {
      const { norms } = await this.#page.host.connectivity({ inspection: id, token });
      if (turn !== this.#turn) return;
      this.#bars.show(
        tokens.slice(0, token),
        norms.slice(0, token),
        describeLeaning(tokens, norms.slice(0, token), token),
      );
    });
  }

  #clearBars(): void {
    this.#chosen = null;
    this.#bars.clear(
      'Choose a character, on a map or in the text, to see which characters before it its prediction leans on.',
    );
  }

  async #withUnit(act: (unit: Parameters<TabSurroundings['host']['colorByUnit']>[0]) => Promise<void>): Promise<void> {
    if (!this.#shown) return;
    const { layer, unit, coloring } = this.#shown;
    await act({ layer: layer.layer, direction: layer.direction, activation: coloring, unit });
  }
}

function sameTokens(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((token, i) => token === other[i]);
}

/** What the prediction of a token leans on, in a sentence. */
function describeLeaning(tokens: readonly string[], norms: readonly (number | null)[], token: number): string {
  const nameOf = (i: number) => `"${visibleToken(tokens[i] ?? '')}" at ${i + 1}`;
  if (norms.length === 0) return `Nothing that is shown stands before ${nameOf(token)}.`;
  const strongest = norms.reduce<number>((best, norm, i) => ((norm ?? 0) > (norms[best] ?? 0) ? i : best), 0);
  return `Whether ${nameOf(token)} was expected leans most on ${nameOf(strongest)}: the length of the gradient of its logit by each input.`;
}
