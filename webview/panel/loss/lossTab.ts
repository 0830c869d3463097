import * as l10n from '@vscode/l10n';
import { formatCount } from '../../charts/number.ts';
import { applyChange, mapValues, noPoints, type Points } from '../../charts/points.ts';
import type { ChartSpec, Reference } from '../../charts/spec.ts';
import { h, setText } from '../../dom.ts';
import { baselineName } from '../../../src/config/baselines.ts';
import type { Applicable } from '../../../src/protocol/applicable.ts';
import { CHARACTERS, derivedMetrics, measuredMetrics, type RunUnits } from '../../../src/protocol/metrics.ts';
import {
  noProgress,
  type ProgressChange,
  type RunProgress,
  type RunView,
  type SampleView,
} from '../../../src/protocol/panel.ts';
import { describeEmpty, describeLearning, describeValidation } from '../describeRun.ts';
import { nameStep } from '../../../src/protocol/steps.ts';
import { averagedSteps } from '../../../src/protocol/trainingLoss.ts';
import { say } from '../../../src/phrases/phrase.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { ChartArea } from './chartArea.ts';
import { LOSS_CHART, lossCharts, SMOOTHED_TEST } from './chartSpecs.ts';
import { Figures } from './figures.ts';
import { testProgress } from '../../../src/catalog/study/rangeTest.ts';
import { type ShownTest, showRangeTest } from './rangeTest.ts';
import { SampleList } from './sampleList.ts';
import { SamplingForm } from './samplingForm.ts';

/** Figures and charts, which depend on the units and the metrics of a run. */
interface Measured {
  readonly units: RunUnits;
  readonly applies: Pick<Applicable, 'metrics' | 'fixed' | 'training' | 'rangeTest'>;
  readonly figures: Figures;
  readonly charts: ChartArea;
}

/** Tab "Loss": figures, curves over the training steps, and samples of generated text. */
export class LossTab implements PanelTab {
  readonly name = 'loss';
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #verdict = h('p', { class: 'verdict', role: 'status' });
  readonly #sampling: HTMLElement;
  readonly #form: SamplingForm;
  readonly #samples = new SampleList();
  readonly #curves = new Map<string, Points>();
  #measured: Measured;
  /** What a range test shows; null for any other run. */
  #test: ShownTest | null = null;
  #run: RunView | null = null;
  #progress: RunProgress = noProgress;

  constructor(page: TabContext) {
    this.#page = page;
    const { store, host, callHost } = page;
    this.#form = new SamplingForm(
      (sampling) => store.change({ sampling }),
      (sampling) => callHost(() => host.sample(sampling)),
      () => void callHost(() => host.act('generate')),
    );
    this.#measured = this.#build(CHARACTERS, {
      metrics: measuredMetrics.map(({ key }) => key),
      fixed: [],
      training: 'steps',
    });
    this.#sampling = h(
      'section',
      { class: 'writing', 'aria-labelledby': 'writing' },
      h('h2', { id: 'writing' }, l10n.t('Samples')),
      this.#form.element,
      this.#samples.element,
    );
    this.element = h(
      'div',
      { class: 'loss' },
      this.#measured.figures.element,
      this.#measured.charts.element,
      this.#sampling,
    );
  }

  show(run: RunView): void {
    this.#curves.clear();
    this.#samples.clear();
    setText(this.#verdict, '');
    this.#test = null;
    this.#progress = noProgress;
    this.#setMetrics(run);
    this.#form.fill(this.#page.store.current.sampling ?? run.sampling);
    this.#showRun(run);
    this.#measured.charts.refresh();
  }

  update(run: RunView): void {
    const isRebuilt = this.#setMetrics(run);
    const redraw = isRebuilt || this.#run?.state !== run.state || this.#run.baselines === null;
    this.#showRun(run);
    if (!redraw) return;
    if (isRebuilt) this.#derive(new Set(measuredMetrics.map(({ key }) => key)));
    this.#readTest();
    this.#showVerdict();
    this.#measured.charts.refresh();
  }

  appear(): void {
    this.#measured.charts.refresh();
  }

  /** Shows the latest values and redraws the changed curves. */
  progress({ curves, ...progress }: ProgressChange): void {
    this.#progress = progress;
    this.#showFigures();
    const changed = new Set<string>();
    for (const { key } of measuredMetrics) {
      const change = curves[key];
      if (!change) continue;
      this.#curves.set(key, applyChange(this.#curves.get(key) ?? noPoints, change));
      changed.add(key);
    }
    this.#derive(changed);
    this.#readTest();
    if (this.#test) changed.add('trainLoss');
    this.#measured.charts.refresh(changed);
    this.#showVerdict();
  }

  samples(samples: readonly SampleView[]): void {
    this.#samples.append(samples);
    this.#page.filled();
  }

  /** Rebuilds figures and charts if the units or the metrics differ. @returns whether they did */
  #setMetrics({ units, applies }: RunView): boolean {
    const before = this.#measured;
    const isSame = before.units.loss === units.loss && before.units.items === units.items;
    const applied = ({ metrics, training, rangeTest }: Measured['applies']) =>
      JSON.stringify([training, rangeTest, metrics]);
    if (isSame && applied(before.applies) === applied(applies)) return false;
    this.#measured = this.#build(units, applies);
    before.figures.element.replaceWith(this.#measured.figures.element);
    before.charts.element.after(this.#measured.charts.element);
    before.charts.dispose();
    return true;
  }

  #build(units: RunUnits, applies: Measured['applies']): Measured {
    const { store, host, callHost, chartServices, frames } = this.#page;
    const context = {
      ...chartServices,
      frames,
      curves: this.#curves,
      references: (spec: ChartSpec) => this.#references(spec),
      marks: (spec: ChartSpec) => (spec.id === LOSS_CHART && this.#test ? this.#test.marks : []),
      emptyText: () => describeEmpty(this.#run?.state ?? null),
      missingText: (spec: ChartSpec) => this.#missing(spec),
      saveCsv: () => void callHost(() => host.exportCsv()),
    };
    return {
      units,
      applies,
      figures: new Figures(units, applies.metrics, averagedSteps(applies)),
      charts: new ChartArea(lossCharts(units, applies), context, store, this.#verdict),
    };
  }

  #showRun(run: RunView): void {
    this.#run = run;
    this.#form.show(run);
    this.#sampling.hidden = !run.writes;
    this.#showFigures();
  }

  /** Computes the shown derived curves whose source has changed, and adds their keys to `changed`. */
  #derive(changed: Set<string>): void {
    const { drawn } = this.#measured.charts;
    for (const { key, from } of derivedMetrics) {
      if (!changed.has(from.metric) || !drawn.has(key)) continue;
      this.#curves.set(key, mapValues(this.#curves.get(from.metric) ?? noPoints, from.map));
      changed.add(key);
    }
  }

  /** Reads the curve of a range test again: its points, or the state of its run, have changed. */
  #readTest(): void {
    const { rangeTest } = this.#measured.applies;
    if (!rangeTest || !this.#run) return;
    const progress = testProgress(this.#run.state, this.#progress, rangeTest.steps);
    this.#test = showRangeTest(this.#curves.get('trainLoss') ?? noPoints, rangeTest, progress);
    this.#curves.set(SMOOTHED_TEST, this.#test.points);
  }

  #showFigures(): void {
    this.#measured.figures.show(this.#progress);
  }

  #showVerdict(): void {
    if (this.#measured.applies.rangeTest) return setText(this.#verdict, this.#test?.sentence ?? '');
    const { x, y } = this.#curves.get('validationLoss') ?? noPoints;
    const step = x.at(-1);
    if (step === undefined) return;
    const { units } = this.#measured;
    const when = this.#run ? nameStep(this.#run.applies, step) : '';
    const validation = describeValidation(when, y.at(-1) ?? null, units, this.#run?.baselines ?? {});
    setText(this.#verdict, [validation, describeLearning(this.#progress, units)].filter(Boolean).join(' '));
  }

  #references(spec: ChartSpec): Reference[] {
    const baselines = this.#run?.baselines;
    if (spec.id !== LOSS_CHART || !baselines) return [];
    return Object.entries(baselines).map(([name, value]) => ({ label: say(baselineName(name)), value }));
  }

  #missing(spec: ChartSpec): string {
    const validated = this.#curves.get('validationLoss') ?? noPoints;
    if (spec.id !== LOSS_CHART || this.#measured.applies.rangeTest || validated.x.length > 0) return '';
    return this.#run
      ? l10n.t('No validation yet. The first validation is at step {0}.', formatCount(this.#run.validateEvery))
      : '';
  }
}
