import * as l10n from '@vscode/l10n';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationMap, Inspection } from '../../../src/protocol/inspection.ts';
import type { OpenText } from '../../../src/protocol/openText.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import type { Cell } from '../../charts/heatMapScene.ts';
import { h } from '../../dom.ts';
import { TokenBars } from '../../tokens/tokenBars.ts';
import { OpenTextHeader } from '../openText/openTextHeader.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { GateMaps } from './gateMaps.ts';
import { choiceFor, firstChoice, tokensFor, type GatesChoice, type ShownChoice } from './gatesChoice.ts';
import { GatesControls } from './gatesControls.ts';
import { gateScene, inOrder } from './gateScene.ts';
import { UnitTraceStore } from './unitTraces.ts';
import { UnitView } from './unitView.ts';
import { headingWithHelp } from '../../help.ts';
import { valueText } from './valueText.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Window width from which the maps are in two columns, as in the style sheet. */
const SIDE_BY_SIDE = matchMedia('(min-width: 1180px)');
const GAP = 24;

/** Tab "Gates": activations of every unit of a layer at every token around the cursor of the active editor. */
export class GatesTab implements PanelTab {
  readonly name = 'gates';
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #head: OpenTextHeader;
  readonly #controls = new GatesControls((change) => this.#change(change));
  readonly #maps: GateMaps;
  readonly #unit: UnitView;
  readonly #bars = new TokenBars(l10n.t('Influence of each earlier character on the prediction'));
  readonly #content: HTMLElement;
  readonly #influence: HTMLElement;
  readonly #traces: UnitTraceStore;
  #reading: Extract<OpenText, { state: 'read' }> | null = null;
  #shown: ShownChoice | null = null;
  /** Unit number of each row of the maps. */
  #order: readonly number[] = [];
  /** Number of tokens in the last request to the host. */
  #requestedTokens = 0;
  /** Token whose prediction is explained, and all tokens of its text. It stays selected while the text is the same. */
  #chosen: { readonly token: number; readonly tokens: readonly string[] } | null = null;
  /** Incremented when the view changes, to discard responses for an earlier one. */
  #generation = 0;

  constructor(page: TabContext) {
    this.#page = page;
    this.#head = new OpenTextHeader(page);
    this.#maps = new GateMaps(page, (cell) => this.#chosenCell(cell));
    this.#unit = new UnitView(page, {
      chooseUnit: (unit) => this.#change({ unit }),
      chooseColoring: (coloring) => this.#change({ coloring }),
      chooseToken: (token) => void this.#showConnectivity(token),
      colorEditor: () => void page.callHost(async () => this.#withUnit((unit) => page.host.colorByUnit(unit))),
      findFirings: () => void page.callHost(async () => this.#withUnit((unit) => page.host.findFirings(unit))),
    });
    this.#traces = new UnitTraceStore(page.host, page.callHost, (unit) => this.#traced(unit));
    this.#influence = h(
      'section',
      { 'aria-labelledby': 'gates-influence' },
      headingWithHelp(h('h2', { id: 'gates-influence' }, l10n.t('Influence on a prediction')), 'connectivity'),
      this.#bars.element,
    );
    this.#content = h(
      'div',
      { class: 'gates', hidden: true },
      this.#controls.element,
      this.#maps.element,
      this.#unit.element,
      this.#influence,
    );
    this.element = h('div', {}, this.#head.element, this.#content);
    new ResizeObserver(() => this.#requestTokens()).observe(this.element);
  }

  show(): void {
    this.#generation++;
    this.#reading = null;
    this.#content.hidden = true;
    this.#head.wait();
    this.#requestedTokens = 0;
    this.#requestTokens();
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    this.#requestTokens();
    this.#maps.refresh();
    this.#unit.appear();
  }

  /** Shows the open text as the host has read it, or why it was not read. */
  openText(openText: OpenText): void {
    this.#head.show(openText);
    this.#reading = openText.state === 'read' ? openText : null;
    this.#content.hidden = this.#reading === null;
    // What needs the weights, or an editor with the text, is left out of what another program has logged.
    const isLogged = this.#reading?.elsewhere === 'logged';
    this.#influence.hidden = isLogged;
    this.#unit.allowEditor(!isLogged);
    this.#page.frames.request(this.#load);
  }

  /** Requests as many tokens as fit, if that number has changed. Does nothing while the tab is hidden. */
  #requestTokens(): void {
    const { clientWidth } = this.element;
    const width = SIDE_BY_SIDE.matches ? (clientWidth - GAP) / 2 : clientWidth;
    const tokens = tokensFor(this.#choice, width);
    if (clientWidth === 0 || tokens === this.#requestedTokens) return;
    this.#requestedTokens = tokens;
    void this.#page.callHost(() => this.#page.host.readTokens(tokens));
  }

  get #choice(): GatesChoice {
    return this.#page.store.current.gates ?? firstChoice;
  }

  #change(change: Partial<GatesChoice>): void {
    this.#page.store.change({ gates: { ...this.#choice, ...change } });
    if (change.tokens !== undefined) this.#requestTokens();
    else if (change.unit !== undefined || change.coloring !== undefined) this.#showUnit();
    else this.#load();
  }

  /** Loads everything that is shown of the text. */
  readonly #load = (): void => {
    const generation = ++this.#generation;
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
    void this.#page.callHost(() => this.#loadMaps(generation, inspection, shown));
  };

  /** Loads the maps. All of them show the units in the order of the first one. */
  async #loadMaps(generation: number, inspection: Inspection, { layer, activations }: ShownChoice): Promise<void> {
    const loadMap = async (activation: ActivationName, first: boolean) =>
      this.#page.host.activationMap({
        inspection: inspection.id,
        layer: layer.layer,
        direction: layer.direction,
        activation,
        sort: first ? this.#choice.sort : 'index',
      });
    const maps = await Promise.all(
      activations.map(async (activation, i) => ({ activation, map: await loadMap(activation, i === 0) })),
    );
    const order = maps[0]?.map.order;
    if (generation !== this.#generation || !order) return;
    this.#order = order;
    for (const { activation, map } of maps) {
      this.#showMap(activation, inOrder(map, order), inspection);
      // Draws one map per frame; all at once would block the page.
      await new Promise(requestAnimationFrame);
      if (generation !== this.#generation) return;
    }
    this.#page.filled();
  }

  #showMap(activation: ActivationName, map: ActivationMap, { tokens }: Inspection): void {
    this.#maps.show(
      activation,
      gateScene(activation, map, tokens, (unit, token) => this.#allValues(unit, token)),
    );
  }

  /** Lists all activations of a unit at a token; empty until they are loaded. */
  #allValues(unit: number, token: number): string[] {
    const traces = this.#traces.hovered(unit);
    return (
      traces?.map(
        ({ activation, values }) => `${say(activationNames[activation].name)} ${valueText(values[token] ?? NaN, 3)}`,
      ) ?? []
    );
  }

  #traced(unit: number): void {
    this.#maps.refresh();
    if (unit === this.#shown?.unit) this.#showUnit();
  }

  /** Shows the selected unit in one of the next frames. */
  #showUnit(): void {
    this.#shown = choiceFor(this.#choice, this.#reading?.inspection.layers ?? []);
    this.#page.frames.request(this.#drawUnit);
  }

  readonly #drawUnit = (): void => {
    const [reading, shown] = [this.#reading, this.#shown];
    if (reading && shown) this.#unit.show(shown, reading.inspection, reading.cursor, this.#traces.selected(shown.unit));
  };

  #chosenCell({ row, column }: Cell): void {
    const unit = this.#order[row];
    if (unit !== undefined) this.#change({ unit });
    void this.#showConnectivity(column);
  }

  async #showConnectivity(token: number): Promise<void> {
    const reading = this.#reading;
    if (!reading || reading.elsewhere === 'logged') return;
    const generation = this.#generation;
    const { id, tokens } = reading.inspection;
    this.#chosen = { token, tokens };
    await this.#page.callHost(async () => {
      const { norms } = await this.#page.host.connectivity({ inspection: id, token });
      if (generation !== this.#generation) return;
      this.#bars.show(
        tokens.slice(0, token),
        norms.slice(0, token),
        describeInfluence(tokens, norms.slice(0, token), token),
      );
    });
  }

  #clearBars(): void {
    this.#chosen = null;
    this.#bars.clear(
      l10n.t('Select a character on a map or in the text to see which earlier characters influence its prediction.'),
    );
  }

  async #withUnit(act: (unit: Parameters<TabContext['host']['colorByUnit']>[0]) => Promise<void>): Promise<void> {
    if (!this.#shown) return;
    const { layer, unit, coloring } = this.#shown;
    await act({ layer: layer.layer, direction: layer.direction, activation: coloring, unit });
  }
}

function sameTokens(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((token, i) => token === other[i]);
}

/** Describes which earlier token influences the prediction of a token most. */
function describeInfluence(tokens: readonly string[], norms: readonly (number | null)[], token: number): string {
  const nameOf = (i: number) => l10n.t('"{0}" at {1}', visibleToken(tokens[i] ?? ''), i + 1);
  if (norms.length === 0) return l10n.t('No character is shown before {0}.', nameOf(token));
  const strongest = norms.reduce<number>((best, norm, i) => ((norm ?? 0) > (norms[best] ?? 0) ? i : best), 0);
  return l10n.t(
    'The prediction of {0} depends most on {1}. Bars show the norm of the gradient of its logit with respect to each input.',
    nameOf(token),
    nameOf(strongest),
  );
}
