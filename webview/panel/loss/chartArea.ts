import { ChartCard, type ChartContext } from '../../charts/chartCard.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { onThemeChange } from '../../charts/theme.ts';
import { button, h } from '../../dom.ts';
import { LOSS_CHART } from './chartSpecs.ts';
import type { StoredState } from '../../storedState.ts';
import type { PanelState } from '../panelState.ts';

/** Charts of the tab "Loss". */
export class ChartArea {
  readonly element: HTMLElement;
  readonly #cards: ReadonlyMap<ChartSpec, ChartCard>;
  readonly #store: StoredState<PanelState>;
  readonly #stopFollowingTheme: () => void;

  /** @param slots charts in reading order; charts of one inner list share a slot, with a switch in their heading */
  constructor(
    slots: readonly (readonly ChartSpec[])[],
    page: ChartContext,
    store: StoredState<PanelState>,
    verdict: HTMLElement,
  ) {
    this.#store = store;
    this.#cards = new Map(
      slots.flatMap((slot) =>
        slot.map((spec) => {
          const heading = slot.length > 1 ? this.#switch(spec, slot) : undefined;
          return [spec, new ChartCard(spec, store.current.charts[spec.id] ?? spec.defaults, page, heading)] as const;
        }),
      ),
    );
    for (const [{ id }, { element }] of this.#cards) {
      if (id === LOSS_CHART) element.querySelector('header')?.append(verdict);
    }
    this.element = h('div', { class: 'charts' }, ...[...this.#cards.values()].map((card) => card.element));
    for (const slot of slots) {
      const chosen = slot.find(({ id }) => store.current.chosenCharts.includes(id)) ?? slot[0];
      if (chosen) this.#choose(chosen, slot);
    }
    this.#stopFollowingTheme = onThemeChange(() => {
      for (const card of this.#cards.values()) card.recolor();
    });
  }

  /** Keys of the curves on the charts. */
  get drawn(): ReadonlySet<string> {
    return new Set([...this.#cards.keys()].flatMap(({ lines }) => lines.map(({ key }) => key)));
  }

  /** Removes the charts from the page. */
  dispose(): void {
    this.#stopFollowingTheme();
    this.element.remove();
  }

  /** Redraws the charts that show one of these curves; all charts without an argument. */
  refresh(changed?: ReadonlySet<string>): void {
    for (const [{ lines }, card] of this.#cards) {
      if (!changed || lines.some(({ key }) => changed.has(key))) card.refresh();
    }
  }

  #switch(shown: ChartSpec, slot: readonly ChartSpec[]): HTMLElement {
    const buttons = slot.map((spec) =>
      button(spec.title, { class: 'choice', 'data-shows': spec.id, 'aria-pressed': String(spec === shown) }, () => {
        const others = this.#store.current.chosenCharts.filter((id) => slot.every((each) => each.id !== id));
        this.#store.change({ chosenCharts: [...others, spec.id] });
        this.#choose(spec, slot);
        const card = this.#cards.get(spec)?.element;
        card?.querySelector<HTMLButtonElement>('.choice[aria-pressed="true"]')?.focus();
      }),
    );
    return h('h2', { class: 'switch' }, ...buttons);
  }

  #choose(chosen: ChartSpec, slot: readonly ChartSpec[]): void {
    for (const spec of slot) {
      const card = this.#cards.get(spec);
      if (card) card.element.hidden = spec !== chosen;
    }
    this.#cards.get(chosen)?.refresh();
  }
}
