import { formatCount } from '../../charts/number.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import type { ChartSpec, Reference } from '../../charts/spec.ts';
import { h, setText } from '../../dom.ts';
import type {
  LatestValues,
  RunUnits,
  RunView,
  SampleView,
  SeriesChange,
  SeriesName,
} from '../../../src/protocol/panel.ts';
import { emptyWords } from '../runWords.ts';
import type { PanelTab, TabSurroundings } from '../tabs/tab.ts';
import { ChartArea } from './chartArea.ts';
import { lossCharts } from './chartSpecs.ts';
import { Figures } from './figures.ts';
import { SampleList } from './sampleList.ts';
import { SamplingForm } from './samplingForm.ts';
import { validationSentence } from './validationWords.ts';

/** Id of the chart of losses. */
const LOSS = 'loss';

const NOTHING_YET: LatestValues = {
  trainLoss: null,
  validationLoss: null,
  gradientNorm: null,
  clippedGradientNorm: null,
  learningRate: null,
  itemsPerSecond: null,
  scores: {},
};

/** What a run counts in until one is shown. */
const CHARACTERS: RunUnits = { loss: 'nats per character', nats: true, item: 'character', items: 'characters' };

/** What depends on the units of a run. */
interface Measured {
  readonly units: RunUnits;
  readonly figures: Figures;
  readonly charts: ChartArea;
}

/** The tab "Loss": figures, curves over the steps of training, and what the network writes. */
export class LossTab implements PanelTab {
  readonly name = 'loss';
  readonly element: HTMLElement;
  readonly #page: TabSurroundings;
  readonly #verdict = h('p', { class: 'verdict', role: 'status' });
  readonly #writing: HTMLElement;
  readonly #form: SamplingForm;
  readonly #samples = new SampleList();
  readonly #curves = new Map<SeriesName, Points>();
  #measured: Measured;
  #run: RunView | null = null;
  #latest = NOTHING_YET;

  constructor(page: TabSurroundings) {
    this.#page = page;
    const { store, host, ask } = page;
    this.#form = new SamplingForm(
      (sampling) => store.change({ sampling }),
      (sampling) => ask(() => host.sample(sampling)),
    );
    this.#measured = this.#build(CHARACTERS);
    this.#writing = h(
      'section',
      { class: 'writing', 'aria-labelledby': 'writing' },
      h('h2', { id: 'writing' }, 'Samples'),
      this.#form.element,
      this.#samples.element,
    );
    this.element = h(
      'div',
      { class: 'loss' },
      this.#measured.figures.element,
      this.#measured.charts.element,
      this.#writing,
    );
  }

  show(run: RunView): void {
    this.#curves.clear();
    this.#samples.clear();
    setText(this.#verdict, '');
    this.#latest = NOTHING_YET;
    this.#measureIn(run.units);
    this.#form.fill(this.#page.store.current.sampling ?? run.sampling);
    this.#showRun(run);
    this.#measured.charts.refresh();
  }

  update(run: RunView): void {
    const redraw = this.#run?.state !== run.state || this.#run.baselines === null;
    this.#showRun(run);
    if (redraw) this.#measured.charts.refresh();
  }

  appear(): void {
    this.#measured.charts.refresh();
  }

  /** Takes over the latest values of the curves. */
  setLatest(latest: LatestValues): void {
    this.#latest = latest;
    this.#showFigures();
  }

  change(changes: readonly SeriesChange[]): void {
    for (const { series, keep, points } of changes) {
      this.#curves.set(series, applyChange(this.#curves.get(series) ?? noPoints, keep, points));
    }
    const changed = new Set(changes.map(({ series }) => series));
    this.#measured.charts.refresh(changed);
    this.#showFigures();
    if (changed.has('validationLoss')) this.#showVerdict();
  }

  samples(samples: readonly SampleView[]): void {
    this.#samples.append(samples);
    this.#page.filled();
  }

  /** Replaces what shows figures and curves where it is not in these units. */
  #measureIn(units: RunUnits): void {
    const before = this.#measured;
    if (before.units.loss === units.loss && before.units.items === units.items) return;
    this.#measured = this.#build(units);
    before.figures.element.replaceWith(this.#measured.figures.element);
    before.charts.element.after(this.#measured.charts.element);
    before.charts.dispose();
  }

  #build(units: RunUnits): Measured {
    const { store, host, ask, chartServices, frames } = this.#page;
    const surroundings = {
      ...chartServices,
      frames,
      curves: this.#curves,
      references: (spec: ChartSpec) => this.#references(spec),
      marks: () => [],
      emptyText: () => emptyWords(this.#run?.state ?? null),
      missingText: (spec: ChartSpec) => this.#missing(spec),
      saveCsv: () => void ask(() => host.exportCsv()),
    };
    return {
      units,
      figures: new Figures(units),
      charts: new ChartArea(lossCharts(units), surroundings, store, this.#verdict),
    };
  }

  #showRun(run: RunView): void {
    this.#run = run;
    this.#form.show(run);
    this.#writing.hidden = !run.writes;
    this.#showFigures();
  }

  /** A figure without a number is not finite if its curve ends so, and else has not come yet. */
  #showFigures(): void {
    this.#measured.figures.show(
      this.#run?.step ?? 0,
      this.#latest,
      (figure) => this.#curves.get(figure)?.y.at(-1) === null,
    );
  }

  #showVerdict(): void {
    const { x, y } = this.#curves.get('validationLoss') ?? noPoints;
    const step = x.at(-1);
    if (step === undefined) return;
    setText(
      this.#verdict,
      validationSentence(step, y.at(-1) ?? null, this.#measured.units, this.#run?.baselines ?? {}),
    );
  }

  #references(spec: ChartSpec): Reference[] {
    const baselines = this.#run?.baselines;
    if (spec.id !== LOSS || !baselines) return [];
    return Object.entries(baselines).map(([label, value]) => ({ label, value }));
  }

  #missing(spec: ChartSpec): string {
    const validated = this.#curves.get('validationLoss') ?? noPoints;
    if (spec.id !== LOSS || validated.x.length > 0) return '';
    return this.#run ? `No validation yet: the first comes at step ${formatCount(this.#run.validateEvery)}.` : '';
  }
}
