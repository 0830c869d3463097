import * as l10n from '@vscode/l10n';
import type { ComparableRun, ProbedRun } from '../../../src/protocol/comparison.ts';
import { ChangingChart } from '../../charts/changingChart.ts';
import { h, setText } from '../../dom.ts';
import { runLines } from '../../panel/compare/comparedCurves.ts';
import { assignStyles, type LineStyle } from '../../panel/compare/lineStyles.ts';
import { comparedFlowCurves, comparedFlowSpec, describeReach } from '../../probes/comparedFlow.ts';
import { verdictLines } from '../../probes/lastStepChart.ts';
import { StepSlider } from '../../probes/stepSlider.ts';
import type { PlotContext } from './curvesPlot.ts';

/** Gradient by lag of the selected runs, at a step of their probes or at the best step of each. */
export class GradientPlot {
  readonly element: HTMLElement;
  readonly #context: PlotContext;
  readonly #slider: StepSlider;
  readonly #chart: ChangingChart;
  readonly #reach = h('p', { class: 'verdict', role: 'status' });
  #probes: ReadonlyMap<string, ProbedRun> = new Map();
  #runs: readonly ComparableRun[] = [];
  #styles: ReadonlyMap<string, LineStyle> = new Map();

  constructor(context: PlotContext) {
    this.#context = context;
    this.#slider = new StepSlider((probeStep) => context.change({ probeStep }));
    this.#chart = new ChangingChart({
      ...context.charts,
      references: () => verdictLines,
      marks: () => [],
      emptyText: () => l10n.t('None of these runs has a gradient probe yet.'),
      missingText: () => '',
    });
    this.element = h('div', { class: 'gradient-plot' }, this.#slider.element, this.#chart.element, this.#reach);
  }

  /** Styles of the curves, by the ids of their runs. */
  get styles(): ReadonlyMap<string, LineStyle> {
    return this.#styles;
  }

  probed(runs: readonly ProbedRun[]): void {
    this.#probes = new Map(runs.map((run) => [run.id, run]));
    this.show(this.#runs);
  }

  /** @param runs the selected runs in the order of the table */
  show(runs: readonly ComparableRun[]): void {
    this.#runs = runs;
    const colors = new Map(runs.map(({ id, color }) => [id, color]));
    this.#styles = assignStyles(
      this.#styles,
      runs.map(({ id }) => id),
      colors,
    );
    const probed = runs.flatMap(({ id, label }) => {
      const probes = this.#probes.get(id);
      return probes ? [{ label, ...probes }] : [];
    });
    this.#slider.show(
      probed.map(({ steps }) => steps),
      this.#context.state().probeStep,
    );
    this.#chart.show(
      comparedFlowSpec('runsLastStep', runLines(runs, this.#styles)),
      new Map(runs.flatMap(({ id }) => comparedFlowCurves(id, this.#probes.get(id)?.flow))),
    );
    const flows = probed.flatMap(({ label, flow, first }) => (flow ? [{ label, flow, first }] : []));
    setText(this.#reach, describeReach(flows).join(' '));
  }
}
