import {
  comparedMetrics,
  MAX_COMPARED_RUNS,
  type ComparableRun,
  type ComparedRun,
} from '../../../src/protocol/comparison.ts';
import { CHARACTERS } from '../../../src/protocol/metrics.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import { ChangingChart } from '../../charts/changingChart.ts';
import { formatCount } from '../../charts/number.ts';
import { h, setText } from '../../dom.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { comparisonSpecs, runCurves, describeRanking, type RunCurves } from './comparedCurves.ts';
import { assignStyles, type LineStyle } from './lineStyles.ts';
import { RunLegend } from './runLegend.ts';

const SMOOTHINGS = [0, 5, 20, 100, 500];
const ADD = 'Add a run...';

/** Tab "Compare": losses and gradients of several runs in the same charts. */
export class CompareTab implements PanelTab {
  readonly name = 'compare';
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #add = h('select', { 'aria-label': 'Add a run to the comparison' });
  readonly #loss = h(
    'select',
    { id: 'compared-loss' },
    ...comparedMetrics
      .toReversed()
      .map(({ key, label }) => h('option', { value: key }, label(CHARACTERS).toLowerCase())),
  );
  readonly #smoothing = h(
    'select',
    { id: 'compared-smoothing' },
    ...SMOOTHINGS.map((steps) => h('option', { value: steps }, steps === 0 ? 'none' : `${steps} steps`)),
  );
  readonly #legend = new RunLegend((id) => this.#choose(this.#chosen.filter((each) => each !== id)));
  readonly #ranking = h('p', { class: 'verdict', role: 'status' });
  readonly #charts: Readonly<Record<keyof RunCurves, ChangingChart>>;
  readonly #curves = new Map<string, ComparedRun>();
  #runs: readonly ComparableRun[] = [];
  #chosen: readonly string[] = [];
  #styles: ReadonlyMap<string, LineStyle> = new Map();
  #runId = '';

  constructor(page: TabContext) {
    this.#page = page;
    const chart = (empty: string) =>
      new ChangingChart({
        ...page.chartServices,
        frames: page.frames,
        settings: ({ id, defaults }) => page.store.current.charts[id] ?? defaults,
        references: () => [],
        marks: () => [],
        emptyText: () => empty,
        missingText: () => '',
      });
    const noLoss = 'None of these runs has this loss yet.';
    this.#charts = {
      bySteps: chart(noLoss),
      bySeconds: chart(noLoss),
      lastStep: chart('None of these runs has a gradient probe yet.'),
    };
    this.#smoothing.value = '20';
    this.#add.addEventListener('change', () => this.#choose([...this.#chosen, this.#add.value]));
    for (const select of [this.#loss, this.#smoothing]) select.addEventListener('change', () => this.#draw());
    const field = (select: HTMLSelectElement, label: string) =>
      h('span', { class: 'field' }, h('label', { for: select.id }, label), select);
    this.element = h(
      'div',
      { class: 'compare' },
      h('div', { class: 'compared-runs' }, this.#legend.element, this.#add),
      this.#ranking,
      h(
        'div',
        { class: 'gates-controls' },
        field(this.#loss, 'Loss'),
        field(this.#smoothing, 'Training loss smoothing'),
      ),
      ...Object.values(this.#charts).map((each) => each.element),
    );
  }

  show(run: RunView): void {
    if (run.id !== this.#runId) this.#styles = new Map();
    this.#runId = run.id;
    this.#curves.clear();
    void this.#page.callHost(() => this.#page.host.compare(this.#page.store.current.compared));
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    for (const chart of Object.values(this.#charts)) chart.refresh();
  }

  comparable({ runs, chosen }: { runs: readonly ComparableRun[]; chosen: readonly string[] }): void {
    this.#runs = runs;
    this.#chosen = chosen;
    this.#styles = assignStyles(this.#styles, chosen);
    this.#showRuns();
    this.#draw();
  }

  compared(run: ComparedRun): void {
    this.#curves.set(run.id, run);
    this.#draw();
    this.#page.filled();
  }

  #choose(chosen: readonly string[]): void {
    this.#page.store.change({ compared: [...chosen] });
    void this.#page.callHost(() => this.#page.host.compare([...chosen]));
  }

  #showRuns(): void {
    const chosen = this.#chosenRuns();
    this.#legend.show(chosen, this.#styles, this.#runId);
    setText(this.#ranking, describeRanking(chosen));
    const others = this.#runs.filter(({ id }) => !this.#chosen.includes(id));
    const full = this.#chosen.length >= MAX_COMPARED_RUNS;
    const first = h(
      'option',
      { value: '' },
      full ? `At most ${MAX_COMPARED_RUNS} runs` : others.length === 0 ? 'No other runs' : ADD,
    );
    this.#add.replaceChildren(
      first,
      ...others.map(({ id, label, step }) => h('option', { value: id }, `${label}, step ${formatCount(step)}`)),
    );
    this.#add.disabled = full || others.length === 0;
  }

  #draw(): void {
    const loss = comparedMetrics.find(({ key }) => key === this.#loss.value)?.key ?? 'validationLoss';
    this.#smoothing.disabled = loss !== 'trainLoss';
    const runs = this.#chosenRuns();
    const specs = comparisonSpecs(runs, this.#styles, loss);
    const curves = runs.flatMap(({ id }) => {
      const run = this.#curves.get(id);
      return run ? [{ id, drawn: runCurves(run, loss, Number(this.#smoothing.value)) }] : [];
    });
    for (const name of ['bySteps', 'bySeconds', 'lastStep'] as const) {
      this.#charts[name].show(specs[name], new Map(curves.map(({ id, drawn }) => [id, drawn[name]])));
    }
  }

  #chosenRuns(): ComparableRun[] {
    return this.#chosen.flatMap((id) => this.#runs.find((run) => run.id === id) ?? []);
  }
}
