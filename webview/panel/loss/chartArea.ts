import { ChartCard, type ChartContext } from '../../charts/chartCard.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { onThemeChange } from '../../charts/theme.ts';
import { button, h } from '../../dom.ts';
import { LOSS_CHART } from './chartSpecs.ts';
import type { StateStore } from '../panelState.ts';

/** The charts of the panel. */
export class ChartArea {
  readonly element: HTMLElement;
  readonly #cards: ReadonlyMap<ChartSpec, ChartCard>;
  readonly #store: StateStore;
  readonly #stopFollowingTheme: () => void;

  /** @param places the charts in reading order; those of one inner list share a place, with a switch in their heading */
  constructor(places: readonly (readonly ChartSpec[])[], page: ChartContext, store: StateStore, verdict: HTMLElement) {
    this.#store = store;
    this.#cards = new Map(
      places.flatMap((place) =>
        place.map((spec) => {
          const heading = place.length > 1 ? this.#switch(spec, place) : undefined;
          return [spec, new ChartCard(spec, store.current.charts[spec.id] ?? spec.defaults, page, heading)] as const;
        }),
      ),
    );
    for (const [{ id }, { element }] of this.#cards) {
      if (id === LOSS_CHART) element.querySelector('header')?.append(verdict);
    }
    this.element = h('div', { class: 'charts' }, ...[...this.#cards.values()].map((card) => card.element));
    for (const place of places) {
      const chosen = place.find(({ id }) => store.current.chosenCharts.includes(id)) ?? place[0];
      if (chosen) this.#choose(chosen, place);
    }
    this.#stopFollowingTheme = onThemeChange(() => {
      for (const card of this.#cards.values()) card.recolor();
    });
  }

  /** Names of the curves on the charts. */
  get drawn(): ReadonlySet<string> {
    return new Set([...this.#cards.keys()].flatMap(({ lines }) => lines.map(({ key }) => key)));
  }

  /** Takes the charts off the page for good. */
  dispose(): void {
    this.#stopFollowingTheme();
    this.element.remove();
  }

  /** Draws the charts that show one of these curves; all of them without an argument. */
  refresh(changed?: ReadonlySet<string>): void {
    for (const [{ lines }, card] of this.#cards) {
      if (!changed || lines.some(({ key }) => changed.has(key))) card.refresh();
    }
  }

  #switch(shown: ChartSpec, place: readonly ChartSpec[]): HTMLElement {
    const buttons = place.map((spec) =>
      button(spec.title, { class: 'choice', 'data-shows': spec.id, 'aria-pressed': String(spec === shown) }, () => {
        const elsewhere = this.#store.current.chosenCharts.filter((id) => place.every((each) => each.id !== id));
        this.#store.change({ chosenCharts: [...elsewhere, spec.id] });
        this.#choose(spec, place);
        const own = this.#cards.get(spec)?.element;
        own?.querySelector<HTMLButtonElement>('.choice[aria-pressed="true"]')?.focus();
      }),
    );
    return h('h2', { class: 'switch' }, ...buttons);
  }

  #choose(chosen: ChartSpec, place: readonly ChartSpec[]): void {
    for (const spec of place) {
      const card = this.#cards.get(spec);
      if (card) card.element.hidden = spec !== chosen;
    }
    this.#cards.get(chosen)?.refresh();
  }
}
