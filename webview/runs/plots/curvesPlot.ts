import * as l10n from '@vscode/l10n';
import type { ComparableRun, ComparedRun } from '../../../src/protocol/comparison.ts';
import { measuredMetrics } from '../../../src/protocol/metrics.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import type { ChangingChartOptions } from '../../charts/changingChart.ts';
import { LinkedCharts } from '../../charts/linkedCharts.ts';
import type { Points } from '../../charts/points.ts';
import { button, h } from '../../dom.ts';
import { assignStyles, type LineStyle } from '../../panel/compare/lineStyles.ts';
import { CurveLegend } from './curveLegend.ts';
import { toggleIsolated } from './isolated.ts';
import {
  type CurveLine,
  lineCurves,
  linesOfRuns,
  linesOfSetups,
  metricCurve,
  metricName,
  metricSpec,
} from './curveLines.ts';
import { choice } from './choice.ts';
import { curveX, type PlotState, SMOOTHINGS, toggleMetric } from './plotState.ts';

const X_NAMES: Readonly<Record<PlotState['x'], () => string>> = {
  step: () => l10n.t('Steps'),
  second: () => l10n.t('Seconds of training'),
  item: () => l10n.t('Characters, words or sequences'),
};

/** Data and callbacks of a plot below the table. */
export interface PlotContext {
  /** Services for the charts. */
  readonly charts: Omit<ChangingChartOptions, 'references' | 'marks' | 'emptyText' | 'missingText' | 'cursorMoved'>;
  readonly state: () => PlotState;
  readonly change: (change: Partial<PlotState>) => void;
  readonly rowOf: (id: string) => RunRow | undefined;
}

/** Curves of the selected runs: a chart for each chosen metric, with one x axis and one legend. */
export class CurvesPlot {
  readonly element: HTMLElement;
  readonly #context: PlotContext;
  readonly #legend = new CurveLegend((key, add) => this.#isolate(key, add));
  readonly #charts: LinkedCharts;
  readonly #metrics: ReadonlyMap<string, HTMLButtonElement>;
  readonly #x;
  readonly #smoothing;
  readonly #seeds = h('input', { type: 'checkbox', id: 'plot-seeds' });
  readonly #compared = new Map<string, ComparedRun>();
  #runs: readonly ComparableRun[] = [];
  #styles: ReadonlyMap<string, LineStyle> = new Map();
  #isolated: ReadonlySet<string> = new Set();

  constructor(context: PlotContext) {
    this.#context = context;
    const { change, state } = context;
    this.#charts = new LinkedCharts({
      ...context.charts,
      marks: () => [],
      emptyText: () => l10n.t('None of these runs has this curve yet.'),
      missingText: () => '',
      lineChosen: (key, add) => this.#isolate(key, add),
    });
    this.#metrics = new Map(
      measuredMetrics.map((metric) => [
        metric.key,
        button(metricName(metric), { class: 'tool', 'data-metric': metric.key }, () =>
          change({ metrics: toggleMetric(state().metrics, metric.key) }),
        ),
      ]),
    );
    this.#x = choice(
      'plot-x',
      curveX.options.map((x) => [x, X_NAMES[x]()]),
      (x) => change({ x: curveX.parse(x) }),
    );
    this.#smoothing = choice(
      'plot-smoothing',
      SMOOTHINGS.map((steps) => [String(steps), steps === 0 ? l10n.t('none') : l10n.t('{0} steps', steps)]),
      (steps) => change({ smoothing: Number(steps) }),
    );
    this.#seeds.addEventListener('change', () => change({ seeds: this.#seeds.checked }));
    this.element = h(
      'div',
      { class: 'curves-plot' },
      h(
        'div',
        { class: 'plot-controls' },
        h('span', { class: 'tool-group', role: 'group', 'aria-label': l10n.t('Metrics') }, ...this.#metrics.values()),
        h('span', { class: 'field' }, h('label', { for: 'plot-x' }, l10n.t('By')), this.#x),
        h('span', { class: 'field' }, h('label', { for: 'plot-smoothing' }, l10n.t('Smoothing')), this.#smoothing),
        h(
          'label',
          {
            class: 'check',
            title: l10n.t('Runs that differ in their seeds only, with a band of one standard deviation'),
          },
          this.#seeds,
          l10n.t('Mean over seeds'),
        ),
      ),
      this.#legend.element,
      this.#charts.element,
    );
  }

  /** Styles of the curves, by the ids of their runs. */
  get styles(): ReadonlyMap<string, LineStyle> {
    return this.#styles;
  }

  /** Stores the curves of a run. */
  compared(run: ComparedRun): void {
    this.#compared.set(run.id, run);
  }

  /** @param runs the selected runs in the order of the table */
  show(runs: readonly ComparableRun[]): void {
    this.#runs = runs;
    this.#draw();
  }

  #isolate(key: string, add: boolean): void {
    this.#isolated = toggleIsolated(this.#isolated, key, add);
    this.#draw();
  }

  #draw(): void {
    const state = this.#context.state();
    this.#showControls(state);
    const lines = state.seeds ? linesOfSetups(this.#runs, this.#context.rowOf) : linesOfRuns(this.#runs);
    const keys = lines.map(({ key }) => key);
    const colors = new Map(this.#runs.map(({ id, color }) => [id, color]));
    this.#styles = assignStyles(this.#styles, keys, colors);
    this.#isolated = new Set([...this.#isolated].filter((key) => keys.includes(key)));
    this.#legend.show(lines, this.#styles, this.#isolated);
    const drawn = this.#isolated.size === 0 ? lines : lines.filter(({ key }) => this.#isolated.has(key));
    const shown = measuredMetrics.filter(({ key }) => state.metrics.includes(key));
    this.#charts.show(
      shown.map((metric) => ({
        spec: metricSpec(metric, drawn, this.#styles, state.x),
        references: [],
        curves: this.#curvesOf(drawn, metric.key, state),
      })),
    );
  }

  #curvesOf(lines: readonly CurveLine[], metric: PlotState['metrics'][number], state: PlotState): Map<string, Points> {
    return new Map(
      lines.flatMap(({ key, runs }) => {
        const curves = runs.flatMap((id) => {
          const run = this.#compared.get(id);
          return run ? [metricCurve(run, metric, state)] : [];
        });
        return lineCurves(key, curves);
      }),
    );
  }

  #showControls({ metrics, x, smoothing, seeds }: PlotState): void {
    for (const [key, tool] of this.#metrics)
      tool.setAttribute('aria-pressed', String(metrics.some((metric) => metric === key)));
    this.#x.value = x;
    this.#smoothing.value = String(smoothing);
    this.#seeds.checked = seeds;
  }
}
