import { ChartCard } from '../../charts/chartCard.ts';
import type { Points } from '../../charts/points.ts';
import type { ChartSpec, Mark, Reference } from '../../charts/spec.ts';
import { h } from '../../dom.ts';
import type { TabSurroundings } from '../tabs/tab.ts';

/** What the charts of a group are made of beside their curves. */
export interface CardTexts {
  references(spec: ChartSpec): readonly Reference[];
  marks(spec: ChartSpec): readonly Mark[];
  missingText(spec: ChartSpec): string;
}

/** A group of charts that share their curves. A chart has its lines from the start: other lines need another group. */
export class ChartGroup {
  readonly element: HTMLElement;
  readonly #curves = new Map<string, Points>();
  readonly #cards: ReadonlyMap<string, ChartCard>;

  constructor(specs: readonly ChartSpec[], { frames, chartServices, store }: TabSurroundings, words: CardTexts) {
    const page = {
      ...chartServices,
      ...words,
      frames,
      curves: this.#curves,
      emptyText: () => 'Not measured in any probe so far.',
    };
    this.#cards = new Map(
      specs.map((spec) => [spec.id, new ChartCard(spec, store.current.charts[spec.id] ?? spec.defaults, page)]),
    );
    this.element = h('div', { class: 'charts' }, ...[...this.#cards.values()].map(({ element }) => element));
  }

  /** Replaces the curves and draws them. */
  show(curves: ReadonlyMap<string, Points>): void {
    for (const [key, points] of curves) this.#curves.set(key, points);
    this.refresh();
  }

  /** Sets the sentence above the curves of a chart. */
  setCaption(id: string, text: string): void {
    this.#cards.get(id)?.setCaption(text);
  }

  /** The theme has changed. */
  recolor(): void {
    for (const card of this.#cards.values()) card.recolor();
  }

  refresh(): void {
    for (const card of this.#cards.values()) card.refresh();
  }
}
