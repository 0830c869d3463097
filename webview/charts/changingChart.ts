import { h } from '../dom.ts';
import { ChartCard, type ChartSurroundings } from './chartCard.ts';
import type { Points } from './points.ts';
import type { ChartSettings, ChartSpec } from './spec.ts';
import { onThemeChange } from './theme.ts';

export interface ChangingChartOptions extends Omit<ChartSurroundings, 'curves'> {
  /** What the user has set on a chart before; its defaults where nothing was. */
  readonly settings: (spec: ChartSpec) => ChartSettings;
}

/** A chart whose lines come and go. A card has its lines from the start, so that other lines take another card. */
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

  /** @param curves by the keys of the lines */
  show(spec: ChartSpec, curves: ReadonlyMap<string, Points>): void {
    this.#curves.clear();
    for (const [key, points] of curves) this.#curves.set(key, points);
    const lines = JSON.stringify([spec.lines, spec.unit]);
    if (!this.#card || lines !== this.#lines) {
      this.#card = new ChartCard(spec, this.#options.settings(spec), { ...this.#options, curves: this.#curves });
      this.element.replaceChildren(this.#card.element);
    }
    this.#lines = lines;
    this.#card.refresh();
  }

  refresh(): void {
    this.#card?.refresh();
  }
}
