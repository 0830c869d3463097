import { activationName, type ActivationName } from '../../../src/protocol/probes.ts';
import { activationWords } from '../../../src/protocol/activationWords.ts';
import { ChartCard } from '../../charts/chartCard.ts';
import type { Points } from '../../charts/points.ts';
import type { ChartSpec, ColourName } from '../../charts/spec.ts';
import { onThemeChange } from '../../charts/theme.ts';
import { h } from '../../dom.ts';
import type { TabSurroundings } from '../tabs/tab.ts';

/** Gates are dashed, states full. */
const STYLES: Readonly<Record<ActivationName, { readonly colour: ColourName; readonly dash: readonly number[] }>> = {
  input: { colour: 'green', dash: [2, 3] },
  forget: { colour: 'purple', dash: [6, 4] },
  candidate: { colour: 'yellow', dash: [8, 3, 2, 3] },
  output: { colour: 'orange', dash: [10, 4] },
  update: { colour: 'purple', dash: [6, 4] },
  reset: { colour: 'orange', dash: [2, 3] },
  cellState: { colour: 'red', dash: [] },
  hidden: { colour: 'blue', dash: [] },
};

/** The traces of one unit as lines over the tokens of the text. */
export class TraceChart {
  readonly element = h('div');
  readonly #page: TabSurroundings;
  readonly #curves = new Map<string, Points>();
  #names = '';
  #card: ChartCard | null = null;

  constructor(page: TabSurroundings) {
    this.#page = page;
    onThemeChange(() => this.#card?.recolour());
  }

  /** @param curves by the name of the activation; x counts the tokens from 1 */
  show(curves: ReadonlyMap<string, Points>, names: readonly ActivationName[]): void {
    this.#curves.clear();
    for (const [name, points] of curves) this.#curves.set(name, points);
    this.#cardOf(names).refresh();
  }

  refresh(): void {
    this.#card?.refresh();
  }

  /** A chart has lines from the start: another kind of cell needs another chart. */
  #cardOf(names: readonly ActivationName[]): ChartCard {
    if (this.#card && this.#names === names.join()) return this.#card;
    this.#names = names.join();
    const spec = traceSpec(names);
    this.#card = new ChartCard(spec, this.#page.store.current.charts[spec.id] ?? spec.defaults, {
      ...this.#page.chartServices,
      frames: this.#page.frames,
      curves: this.#curves,
      references: () => [],
      marks: () => [],
      emptyText: () => 'The values of the unit are on their way.',
      missingText: () => '',
    });
    this.element.replaceChildren(this.#card.element);
    return this.#card;
  }
}

function traceSpec(names: readonly ActivationName[]): ChartSpec {
  return {
    id: 'unitTraces',
    title: 'Traces of the unit',
    xName: 'token',
    unit: 'over the characters shown',
    lines: activationName.options
      .filter((name) => names.includes(name))
      .map((name) => ({ key: name, label: `${activationWords[name].symbol} ${activationWords[name].name}`, ...STYLES[name], smoothable: false })),
    defaults: { logarithmic: false, smoothing: 0, range: 'full', table: false },
    describe: (value) => value.toFixed(3),
  };
}
