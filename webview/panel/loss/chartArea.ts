import { ChartCard, type ChartSurroundings } from '../../charts/chartCard.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { onThemeChange } from '../../charts/theme.ts';
import { button, h } from '../../dom.ts';
import type { SeriesName } from '../../../src/protocol/panel.ts';
import { learningRateChart, lossChart, normChart, speedChart } from './chartSpecs.ts';
import type { StateStore } from '../panelState.ts';

/** Charts that share one place; a switch in their heading picks the one to show. */
const SHARED = [learningRateChart, speedChart];

/** The charts of the panel. */
export class ChartArea {
  readonly element: HTMLElement;
  readonly #cards: ReadonlyMap<ChartSpec, ChartCard>;
  readonly #store: StateStore;

  constructor(page: ChartSurroundings, store: StateStore, verdict: HTMLElement) {
    this.#store = store;
    const settings = (spec: ChartSpec) => store.current.charts[spec.id] ?? spec.defaults;
    this.#cards = new Map([
      ...[lossChart, normChart].map((spec) => [spec, new ChartCard(spec, settings(spec), page)] as const),
      ...SHARED.map((spec) => [spec, new ChartCard(spec, settings(spec), page, this.#switch(spec))] as const),
    ]);
    this.#cards.get(lossChart)?.element.querySelector('header')?.append(verdict);
    this.element = h('div', { class: 'charts' }, ...[...this.#cards.values()].map((card) => card.element));
    this.#choose(SHARED.find(({ id }) => id === store.current.chosenChart) ?? learningRateChart);
    onThemeChange(() => {
      for (const card of this.#cards.values()) card.recolour();
    });
  }

  /** Draws the charts that show one of these series; all of them without an argument. */
  refresh(changed?: ReadonlySet<SeriesName>): void {
    for (const [{ lines }, card] of this.#cards) {
      if (!changed || lines.some(({ key }) => changed.has(key as SeriesName))) card.refresh();
    }
  }

  #switch(shown: ChartSpec): HTMLElement {
    const buttons = SHARED.map((spec) =>
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
    for (const spec of SHARED) {
      const card = this.#cards.get(spec);
      if (card) card.element.hidden = spec !== chosen;
    }
    this.#cards.get(chosen)?.refresh();
  }
}
