import { h } from '../dom.ts';
import { ChangingChart, type ChangingChartOptions } from './changingChart.ts';
import type { Points } from './points.ts';
import type { LinkedChart, Reference } from './spec.ts';

/** Charts below each other with the same x axis. Reading one of them reads all of them at the same x. */
export class LinkedCharts {
  readonly element = h('div', { class: 'linked-charts' });
  readonly #options: Omit<ChangingChartOptions, 'references' | 'cursorMoved'>;
  readonly #charts = new Map<string, ChangingChart>();
  readonly #references = new Map<string, readonly Reference[]>();

  constructor(options: Omit<ChangingChartOptions, 'references' | 'cursorMoved'>) {
    this.#options = options;
  }

  /** @param common curves by the keys of the lines of all charts, for those without curves of their own */
  show(charts: readonly LinkedChart[], common: ReadonlyMap<string, Points> = new Map()): void {
    const shown = charts.map(({ spec, references, curves = common }) => {
      this.#references.set(spec.id, references);
      const chart = this.#chart(spec.id);
      const bands = spec.bands ?? [];
      const keys = new Set([...spec.lines.map(({ key }) => key), ...bands.flatMap(({ low, high }) => [low, high])]);
      chart.show(spec, new Map([...curves].filter(([key]) => keys.has(key))));
      return chart.element;
    });
    const present = [...this.element.children];
    if (present.length !== shown.length || present.some((each, i) => each !== shown[i]))
      this.element.replaceChildren(...shown);
  }

  refresh(): void {
    for (const chart of this.#charts.values()) chart.refresh();
  }

  #chart(id: string): ChangingChart {
    const known = this.#charts.get(id);
    if (known) return known;
    const chart: ChangingChart = new ChangingChart({
      ...this.#options,
      references: (spec) => this.#references.get(spec.id) ?? [],
      cursorMoved: (x) => {
        for (const other of this.#charts.values()) if (other !== chart) other.followCursor(x);
      },
    });
    this.#charts.set(id, chart);
    return chart;
  }
}
