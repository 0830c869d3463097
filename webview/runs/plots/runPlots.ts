import * as l10n from '@vscode/l10n';
import {
  MAX_COMPARED_RUNS,
  type ComparableRun,
  type ComparedRun,
  type ProbedRun,
} from '../../../src/protocol/comparison.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { button, h, setText } from '../../dom.ts';
import type { LineStyle } from '../../panel/compare/lineStyles.ts';
import { CurvesPlot, type PlotContext } from './curvesPlot.ts';
import { FieldMapPlot } from './fieldMapPlot.ts';
import { GradientPlot } from './gradientPlot.ts';
import { ImportancePlot } from './importancePlot.ts';
import { ParallelPlot } from './parallelPlot.ts';
import { type PlotName, plotName, type PlotState } from './plotState.ts';
import { ScatterPlot } from './scatterPlot.ts';

const NAMES: Readonly<Record<PlotName, () => string>> = {
  curves: () => l10n.t('Curves'),
  scatter: () => l10n.t('Scatter plot'),
  parallel: () => l10n.t('Parallel coordinates'),
  map: () => l10n.t('Heat map'),
  importance: () => l10n.t('Importance'),
  gradient: () => l10n.t('Gradient by lag'),
};

const NO_STYLES: ReadonlyMap<string, LineStyle> = new Map();

export interface RunPlotsOptions extends PlotContext {
  /** Receives the styles of the curves that are drawn, by the ids of their runs. */
  readonly drawn: (styles: ReadonlyMap<string, LineStyle>) => void;
  /** Requests the curves and probes of runs. */
  readonly compare: (ids: readonly string[]) => void;
  /** Requests the probes at a step, or at the best step of each run. */
  readonly compareProbesAt: (step: number | null) => void;
  /** Selects runs in the table. */
  readonly selectRuns: (ids: readonly string[]) => void;
}

/**
 * Plots below the table: curves and gradients of the selected runs; scatter plot, parallel coordinates, heat map and the
 * importance of fields of all runs that the table shows. Selecting in them selects in the table.
 */
export class RunPlots {
  readonly element: HTMLElement;
  readonly #options: RunPlotsOptions;
  readonly #tabs: ReadonlyMap<PlotName, HTMLButtonElement>;
  readonly #note = h('p', { class: 'verdict', role: 'status' });
  readonly #plots: {
    curves: CurvesPlot;
    scatter: ScatterPlot;
    parallel: ParallelPlot;
    map: FieldMapPlot;
    importance: ImportancePlot;
    gradient: GradientPlot;
  };
  #known: readonly ComparableRun[] = [];
  /** Ids of the selected runs whose curves can be drawn. */
  #chosen: readonly string[] = [];
  #selected: readonly string[] = [];
  #rows: readonly RunRow[] = [];
  #isShown = false;

  constructor(options: RunPlotsOptions) {
    this.#options = options;
    const context: PlotContext = { ...options, change: (change) => this.#change(change) };
    this.#plots = {
      curves: new CurvesPlot(context),
      scatter: new ScatterPlot(context, options.selectRuns),
      parallel: new ParallelPlot(context, options.selectRuns),
      map: new FieldMapPlot(context, options.selectRuns),
      importance: new ImportancePlot(context),
      gradient: new GradientPlot(context),
    };
    this.#tabs = new Map(
      plotName.options.map((name) => [
        name,
        button(NAMES[name](), { class: 'choice', 'data-plot': name }, () => this.#change({ shown: name })),
      ]),
    );
    this.element = h(
      'section',
      { class: 'run-plots', 'aria-label': l10n.t('Plots of the runs'), hidden: true },
      h(
        'div',
        { class: 'plots-head' },
        h('span', { class: 'switch', role: 'group', 'aria-label': l10n.t('Plot') }, ...this.#tabs.values()),
        this.#note,
      ),
      ...Object.values(this.#plots).map((plot) => plot.element),
    );
  }

  /** Shows or hides the plots. */
  set isShown(isShown: boolean) {
    this.#isShown = isShown;
    this.#draw();
  }

  /** Selects runs in the plots; of many, curves of the first ones are drawn. @param ids in the order of the table */
  select(ids: readonly string[]): void {
    this.#selected = ids;
    const chosen = this.#isShown ? ids.slice(0, MAX_COMPARED_RUNS) : [];
    if (chosen.join() !== this.#chosen.join()) {
      this.#chosen = chosen;
      this.#options.compare(chosen);
    }
    this.#draw();
  }

  /** Shows other runs in the plots of all runs. @param rows those that match the filter, in the order of the table */
  rows(rows: readonly RunRow[]): void {
    this.#rows = rows;
    this.#draw();
  }

  comparable(runs: readonly ComparableRun[]): void {
    this.#known = runs;
    this.#draw();
  }

  compared(run: ComparedRun): void {
    this.#plots.curves.compared(run);
    this.#draw();
  }

  comparedProbes(runs: readonly ProbedRun[]): void {
    this.#plots.gradient.probed(runs);
  }

  #change(change: Partial<PlotState>): void {
    this.#options.change(change);
    if (change.probeStep !== undefined) this.#options.compareProbesAt(change.probeStep);
    this.#draw();
  }

  #draw(): void {
    this.element.hidden = !this.#isShown || this.#rows.length === 0;
    if (this.element.hidden) return this.#options.drawn(NO_STYLES);
    const { shown } = this.#options.state();
    for (const [name, tab] of this.#tabs) tab.setAttribute('aria-pressed', String(name === shown));
    const ofSelected = shown === 'curves' || shown === 'gradient';
    setText(this.#note, ofSelected ? this.#describeChoice() : '');
    for (const name of plotName.options)
      this.#plots[name].element.hidden = name !== shown || (ofSelected && this.#chosen.length === 0);
    const runs = this.#chosen.flatMap((id) => this.#known.find((run) => run.id === id) ?? []);
    const show: Readonly<Record<PlotName, () => void>> = {
      curves: () => this.#plots.curves.show(runs),
      gradient: () => this.#plots.gradient.show(runs),
      scatter: () => this.#plots.scatter.show(this.#rows, this.#selected),
      parallel: () => this.#plots.parallel.show(this.#rows, this.#selected),
      map: () => this.#plots.map.show(this.#rows, this.#selected),
      importance: () => this.#plots.importance.show(this.#rows),
    };
    const isDrawn = !this.#plots[shown].element.hidden;
    if (isDrawn) show[shown]();
    this.#options.drawn(isDrawn && ofSelected ? this.#plots[shown].styles : NO_STYLES);
  }

  #describeChoice(): string {
    if (this.#chosen.length === 0) return l10n.t('Select runs in the table to see them here.');
    return this.#selected.length > this.#chosen.length
      ? l10n.t('The first {0} of {1} runs', this.#chosen.length, this.#selected.length)
      : '';
  }
}
