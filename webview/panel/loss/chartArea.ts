import { ChartCard, type ChartSurroundings } from '../../charts/chartCard.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { onThemeChange } from '../../charts/theme.ts';
import { button, h } from '../../dom.ts';
import type { SeriesName } from '../../../src/protocol/panel.ts';
import type { LossCharts } from './chartSpecs.ts';
import type { StateStore } from '../panelState.ts';

/** The charts of the panel. */
export class ChartArea {
  readonly element: HTMLElement;
  readonly #cards: ReadonlyMap<ChartSpec, ChartCard>;
  readonly #store: StateStore;
  /** Charts that share one place; a switch in their heading picks the one to show. */
  readonly #shared: readonly ChartSpec[];
  readonly #stopFollowingTheme: () => void;

  constructor(
    { loss, norm, learningRate, speed }: LossCharts,
    page: ChartSurroundings,
    store: StateStore,
    verdict: HTMLElement,
  ) {
    this.#store = store;
    this.#shared = [learningRate, speed];
    const settings = (spec: ChartSpec) => store.current.charts[spec.id] ?? spec.defaults;
    this.#cards = new Map([
      ...[loss, norm].map((spec) => [spec, new ChartCard(spec, settings(spec), page)] as const),
      ...this.#shared.map((spec) => [spec, new ChartCard(spec, settings(spec), page, this.#switch(spec))] as const),
    ]);
    this.#cards.get(loss)?.element.querySelector('header')?.append(verdict);
    this.element = h('div', { class: 'charts' }, ...[...this.#cards.values()].map((card) => card.element));
    this.#choose(this.#shared.find(({ id }) => id === store.current.chosenChart) ?? learningRate);
    this.#stopFollowingTheme = onThemeChange(() => {
      for (const card of this.#cards.values()) card.recolor();
    });
  }

  /** Takes the charts off the page for good. */
  dispose(): void {
    this.#stopFollowingTheme();
    this.element.remove();
  }

  /** Draws the charts that show one of these series; all of them without an argument. */
  refresh(changed?: ReadonlySet<SeriesName>): void {
    for (const [{ lines }, card] of this.#cards) {
      if (!changed || lines.some(({ key }) => changed.has(key as SeriesName))) card.refresh();
    }
  }

  #switch(shown: ChartSpec): HTMLElement {
    const buttons = this.#shared.map((spec) =>
      button(spec.title, { class: 'choice', 'aria-pressed': String(spec === shown) }, () => {
        this.#store.change({ chosenChart: spec.id });
        this.#choose(spec);
        const own = this.#cards.get(spec)?.element;
        own?.querySelector<HTMLButtonElement>('.choice[aria-pressed="true"]')?.focus();
      }),
    );
    return h('h2', { class: 'switch' }, ...buttons);
  }

  #choose(chosen: ChartSpec): void {
    for (const spec of this.#shared) {
      const card = this.#cards.get(spec);
      if (card) card.element.hidden = spec !== chosen;
    }
    this.#cards.get(chosen)?.refresh();
  }
}
