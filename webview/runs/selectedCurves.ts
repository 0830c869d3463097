import * as l10n from '@vscode/l10n';
import {
  MAX_COMPARED_RUNS,
  comparedMetrics,
  type ComparableRun,
  type ComparedRun,
} from '../../src/protocol/comparison.ts';
import { CHARACTERS } from '../../src/protocol/metrics.ts';
import { ChangingChart, type ChangingChartOptions } from '../charts/changingChart.ts';
import { h, setText } from '../dom.ts';
import { comparisonSpecs, runCurves, type ComparedLoss } from '../panel/compare/comparedCurves.ts';
import { assignStyles, type LineStyle } from '../panel/compare/lineStyles.ts';

/** Time constant of the smoothing of the training loss, in steps. */
const SMOOTHING = 20;

/** Loss by step of the selected runs, below the table. */
export class SelectedCurves {
  readonly element: HTMLElement;
  readonly #chart: ChangingChart;
  readonly #loss = h(
    'select',
    { id: 'selected-loss' },
    ...comparedMetrics.toReversed().map(({ key, label }) => h('option', { value: key }, label(CHARACTERS))),
  );
  readonly #note = h('p', { class: 'verdict', role: 'status' });
  readonly #choose: (ids: readonly string[]) => void;
  readonly #curves = new Map<string, ComparedRun>();
  #runs: readonly ComparableRun[] = [];
  #chosen: readonly string[] = [];
  #styles: ReadonlyMap<string, LineStyle> = new Map();

  /** @param choose requests the curves of runs */
  constructor(
    options: Omit<ChangingChartOptions, 'references' | 'marks' | 'emptyText' | 'missingText'>,
    choose: (ids: readonly string[]) => void,
  ) {
    this.#choose = choose;
    this.#chart = new ChangingChart({
      ...options,
      references: () => [],
      marks: () => [],
      emptyText: () => l10n.t('None of these runs has this loss yet.'),
      missingText: () => '',
    });
    this.#loss.addEventListener('change', () => this.#draw());
    this.element = h(
      'section',
      { class: 'selected-curves', 'aria-label': l10n.t('Curves of the selected runs'), hidden: true },
      h('div', { class: 'field' }, h('label', { for: 'selected-loss' }, l10n.t('Loss')), this.#loss, this.#note),
      this.#chart.element,
    );
  }

  /** Shows the curves of the selected runs; of many, those of the first ones. */
  select(ids: readonly string[]): void {
    const chosen = ids.slice(0, MAX_COMPARED_RUNS);
    setText(
      this.#note,
      ids.length > chosen.length ? l10n.t('The first {0} of {1} runs', chosen.length, ids.length) : '',
    );
    this.element.hidden = chosen.length === 0;
    if (chosen.join() === this.#chosen.join()) return;
    this.#chosen = chosen;
    this.#choose(chosen);
    this.#draw();
  }

  comparable(runs: readonly ComparableRun[]): void {
    this.#runs = runs;
    this.#draw();
  }

  compared(run: ComparedRun): void {
    this.#curves.set(run.id, run);
    this.#draw();
  }

  #draw(): void {
    if (this.element.hidden) return;
    const runs = this.#chosen.flatMap((id) => this.#runs.find((run) => run.id === id) ?? []);
    this.#styles = assignStyles(this.#styles, this.#chosen, new Map(runs.map(({ id, color }) => [id, color])));
    const loss: ComparedLoss = comparedMetrics.find(({ key }) => key === this.#loss.value)?.key ?? 'validationLoss';
    const curves = runs.flatMap(({ id }) => {
      const run = this.#curves.get(id);
      return run ? [[id, runCurves(run, loss, SMOOTHING).bySteps] as const] : [];
    });
    this.#chart.show(comparisonSpecs(runs, this.#styles, loss).bySteps, new Map(curves));
  }
}
