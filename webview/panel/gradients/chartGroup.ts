import * as l10n from '@vscode/l10n';
import type { ThroughTraining } from '../../charts/animation.ts';
import { ChartCard } from '../../charts/chartCard.ts';
import type { Points } from '../../charts/points.ts';
import type { ChartSpec, Mark, Reference } from '../../charts/spec.ts';
import { h } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';

/** Reference lines, marks and notes of the charts of a group. */
export interface CardTexts {
  references(spec: ChartSpec): readonly Reference[];
  marks(spec: ChartSpec): readonly Mark[];
  missingText(spec: ChartSpec): string;
  /** Curves of a chart through training; omitted for a group whose charts are over training. */
  throughTraining?(spec: ChartSpec): ThroughTraining<ReadonlyMap<string, Points>> | null;
}

/** A group of charts that share their curves. The lines of a group are fixed; other lines need another group. */
export class ChartGroup {
  readonly element: HTMLElement;
  readonly #curves = new Map<string, Points>();
  readonly #cards: ReadonlyMap<string, ChartCard>;

  constructor(specs: readonly ChartSpec[], { frames, chartServices, store }: TabContext, texts: CardTexts) {
    const page = {
      ...chartServices,
      ...texts,
      frames,
      curves: this.#curves,
      emptyText: () => l10n.t('Not measured by any probe yet.'),
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

  /** Redraws the charts in the colors of the current theme. */
  recolor(): void {
    for (const card of this.#cards.values()) card.recolor();
  }

  refresh(): void {
    for (const card of this.#cards.values()) card.refresh();
  }
}
