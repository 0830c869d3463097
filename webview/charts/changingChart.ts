import { h } from '../dom.ts';
import { ChartCard, type ChartContext } from './chartCard.ts';
import type { Points } from './points.ts';
import type { ChartSettings, ChartSpec } from './spec.ts';
import { onThemeChange } from './theme.ts';

export interface ChangingChartOptions extends Omit<ChartContext, 'curves'> {
  /** Returns the stored settings of a chart, or its defaults. */
  readonly settings: (spec: ChartSpec) => ChartSettings;
  /** Level of the title; h2 if omitted. */
  readonly heading?: 'h2' | 'h3';
}

/** A chart whose set of lines changes. The lines of a card are fixed, so other lines create another card. */
export class ChangingChart {
  readonly element = h('div', { class: 'changing-chart' });
  readonly #options: ChangingChartOptions;
  readonly #curves = new Map<string, Points>();
  #lines = '';
  #card: ChartCard | null = null;

  constructor(options: ChangingChartOptions) {
    this.#options = options;
    onThemeChange(() => this.#card?.recolor());
  }

  /** @param curves keyed by the keys of the lines */
  show(spec: ChartSpec, curves: ReadonlyMap<string, Points>): void {
    this.#curves.clear();
    for (const [key, points] of curves) this.#curves.set(key, points);
    const lines = JSON.stringify([spec.id, spec.title, spec.xName, spec.lines, spec.bands, spec.unit]);
    if (!this.#card || lines !== this.#lines) {
      const { settings, heading = 'h2' } = this.#options;
      const context = { ...this.#options, curves: this.#curves };
      this.#card = new ChartCard(spec, settings(spec), context, h(heading, {}, spec.title));
      this.#replace(this.#card);
    }
    this.#lines = lines;
    this.#card.refresh();
  }

  refresh(): void {
    this.#card?.refresh();
  }

  /** Shows another card; its curves take the focus if those of the card before had it. */
  #replace({ element }: ChartCard): void {
    const { activeElement } = document;
    const hadFocus = this.element.contains(activeElement) && activeElement?.classList.contains('plot') === true;
    this.element.replaceChildren(element);
    if (hadFocus) element.querySelector<HTMLElement>('.plot')?.focus({ preventScroll: true });
  }

  /** Reads the curves at the x of another chart's cursor; null ends it. */
  followCursor(x: number | null): void {
    this.#card?.followCursor(x);
  }
}
