import { formatCount } from '../../charts/number.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import type { ChartSpec, Reference } from '../../charts/spec.ts';
import { h, setText } from '../../dom.ts';
import type { LatestValues, RunView, SampleView, SeriesChange, SeriesName } from '../../../src/protocol/panel.ts';
import { emptyWords } from '../runWords.ts';
import type { PanelTab, TabSurroundings } from '../tabs/tab.ts';
import { ChartArea } from './chartArea.ts';
import { lossChart } from './chartSpecs.ts';
import { Figures } from './figures.ts';
import { SampleList } from './sampleList.ts';
import { SamplingForm } from './samplingForm.ts';
import { validationSentence } from './validationWords.ts';

const NOTHING_YET: LatestValues = {
  trainLoss: null,
  validationLoss: null,
  gradNorm: null,
  clippedNorm: null,
  learningRate: null,
  charactersPerSecond: null,
};

/** The tab "Loss": figures, curves over the steps of training, and what the network writes. */
export class LossTab implements PanelTab {
  readonly name = 'loss';
  readonly element: HTMLElement;
  readonly #page: TabSurroundings;
  readonly #figures = new Figures();
  readonly #verdict = h('p', { class: 'verdict', role: 'status' });
  readonly #charts: ChartArea;
  readonly #form: SamplingForm;
  readonly #samples = new SampleList();
  readonly #curves = new Map<SeriesName, Points>();
  #run: RunView | null = null;
  #latest = NOTHING_YET;

  constructor(page: TabSurroundings) {
    this.#page = page;
    const { store, host, ask } = page;
    this.#form = new SamplingForm(
      (sampling) => store.change({ sampling }),
      (sampling) => ask(() => host.sample(sampling)),
    );
    this.#charts = new ChartArea(
      {
        ...page.chartServices,
        frames: page.frames,
        curves: this.#curves,
        references: (spec) => this.#references(spec),
        marks: () => [],
        emptyText: () => emptyWords(this.#run?.state ?? null),
        missingText: (spec) => this.#missing(spec),
        saveCsv: () => void ask(() => host.exportCsv()),
      },
      store,
      this.#verdict,
    );
    const writing = h('section', { class: 'writing', 'aria-labelledby': 'writing' }, h('h2', { id: 'writing' }, 'Samples'), this.#form.element, this.#samples.element);
    this.element = h('div', { class: 'loss' }, this.#figures.element, this.#charts.element, writing);
  }

  show(run: RunView): void {
    this.#curves.clear();
    this.#samples.clear();
    setText(this.#verdict, '');
    this.#latest = NOTHING_YET;
    this.#form.fill(this.#page.store.current.sampling ?? run.sampling);
    this.#showRun(run);
    this.#charts.refresh();
  }

  update(run: RunView): void {
    const redraw = this.#run?.state !== run.state || this.#run.baselines === null;
    this.#showRun(run);
    if (redraw) this.#charts.refresh();
  }

  appear(): void {
    this.#charts.refresh();
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
    this.#charts.refresh(changed);
    this.#showFigures();
    if (changed.has('validationLoss')) this.#showVerdict();
  }

  samples(samples: readonly SampleView[]): void {
    this.#samples.append(samples);
    this.#page.filled();
  }

  #showRun(run: RunView): void {
    this.#run = run;
    this.#form.show(run);
    this.#showFigures();
  }

  /** A figure without a number is not finite if its curve ends so, and else has not come yet. */
  #showFigures(): void {
    this.#figures.show(this.#run?.step ?? 0, this.#latest, (figure) => this.#curves.get(figure)?.y.at(-1) === null);
  }

  #showVerdict(): void {
    const { x, y } = this.#curves.get('validationLoss') ?? noPoints;
    const step = x.at(-1);
    if (step === undefined) return;
    setText(this.#verdict, validationSentence(step, y.at(-1) ?? null, this.#run?.baselines ?? null));
  }

  #references(spec: ChartSpec): Reference[] {
    const baselines = this.#run?.baselines;
    if (spec !== lossChart || !baselines) return [];
    return Object.entries(baselines).map(([label, value]) => ({ label, value }));
  }

  #missing(spec: ChartSpec): string {
    const validated = this.#curves.get('validationLoss') ?? noPoints;
    if (spec !== lossChart || validated.x.length > 0) return '';
    return this.#run ? `No validation yet: the first comes at step ${formatCount(this.#run.validateEvery)}.` : '';
  }
}
