import * as l10n from '@vscode/l10n';
import {
  comparedMetrics,
  MAX_COMPARED_RUNS,
  type ComparableRun,
  type ComparedRun,
  type ProbedRun,
  type RankedGroup,
} from '../../../src/protocol/comparison.ts';
import { CHARACTERS } from '../../../src/protocol/metrics.ts';
import type { RemotePanelHost, RunView } from '../../../src/protocol/panel.ts';
import { ChangingChart } from '../../charts/changingChart.ts';
import { formatCount } from '../../charts/number.ts';
import type { Reference } from '../../charts/spec.ts';
import { h, setText } from '../../dom.ts';
import { comparedFlowCurves, comparedFlowSpec, describeReach } from '../../probes/comparedFlow.ts';
import { verdictLines } from '../../probes/lastStepChart.ts';
import { StepSlider } from '../../probes/stepSlider.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { comparisonSpecs, runCurves, runLines, type RunCurves } from './comparedCurves.ts';
import { assignStyles, type LineStyle } from './lineStyles.ts';
import { RankingTable } from './rankingTable.ts';
import { RunLegend } from './runLegend.ts';

const SMOOTHINGS = [0, 5, 20, 100, 500];
const ADD = l10n.t('Add a run...');

/** Services that the tab needs, so that a page without an extension can show it. */
type CompareContext = Omit<TabContext, 'host'> & {
  readonly host: Pick<RemotePanelHost, 'compare' | 'compareProbesAt'>;
};

/** A section about the chosen runs. */
interface ComparedSection {
  readonly element: HTMLElement;
  show(runs: readonly ComparableRun[]): void;
}

/** Tab "Compare": losses and gradients of several runs in the same charts. */
export class CompareTab implements PanelTab {
  readonly name = 'compare';
  readonly element: HTMLElement;
  readonly #page: CompareContext;
  readonly #add = h('select', { 'aria-label': l10n.t('Add a run to the comparison') });
  readonly #loss = h(
    'select',
    { id: 'compared-loss' },
    ...comparedMetrics.toReversed().map(({ key, label }) => h('option', { value: key }, label(CHARACTERS))),
  );
  readonly #smoothing = h(
    'select',
    { id: 'compared-smoothing' },
    ...SMOOTHINGS.map((steps) =>
      h('option', { value: steps }, steps === 0 ? l10n.t('none') : l10n.t('{0} steps', steps)),
    ),
  );
  readonly #legend = new RunLegend((id) => this.choose(this.#chosen.filter((each) => each !== id)));
  readonly #ranking = new RankingTable();
  readonly #charts: Readonly<Record<keyof RunCurves, ChangingChart>>;
  readonly #flow: ChangingChart;
  readonly #slider: StepSlider;
  readonly #reach = h('p', { class: 'verdict', role: 'status' });
  readonly #sections: readonly ComparedSection[];
  readonly #curves = new Map<string, ComparedRun>();
  #probes: readonly ProbedRun[] = [];
  #groups: readonly RankedGroup[] = [];
  #runs: readonly ComparableRun[] = [];
  #chosen: readonly string[] = [];
  #styles: ReadonlyMap<string, LineStyle> = new Map();
  #runId = '';

  /** @param sections further sections about the chosen runs, above the charts and below them */
  constructor(page: CompareContext, sections: { above?: ComparedSection; below?: ComparedSection } = {}) {
    this.#page = page;
    const { above, below } = sections;
    this.#sections = [above, below].filter((each) => each !== undefined);
    const chart = (empty: string, references: readonly Reference[] = []) =>
      new ChangingChart({
        ...page.chartServices,
        frames: page.frames,
        settings: ({ id, defaults }) => page.store.current.charts[id] ?? defaults,
        references: () => references,
        marks: () => [],
        emptyText: () => empty,
        missingText: () => '',
      });
    const noLoss = l10n.t('None of these runs has this loss yet.');
    this.#charts = { bySteps: chart(noLoss), bySeconds: chart(noLoss) };
    this.#flow = chart(l10n.t('None of these runs has a gradient probe yet.'), verdictLines);
    this.#slider = new StepSlider((step) => this.#chooseStep(step));
    this.#smoothing.value = '20';
    this.#add.addEventListener('change', () => this.choose([...this.#chosen, this.#add.value]));
    for (const select of [this.#loss, this.#smoothing]) select.addEventListener('change', () => this.#draw());
    const field = (select: HTMLSelectElement, label: string) =>
      h('span', { class: 'field' }, h('label', { for: select.id }, label), select);
    this.element = h(
      'div',
      { class: 'compare' },
      h('div', { class: 'compared-runs' }, this.#legend.element, this.#add),
      this.#ranking.element,
      ...(above ? [above.element] : []),
      h(
        'div',
        { class: 'gates-controls' },
        field(this.#loss, l10n.t('Loss')),
        field(this.#smoothing, l10n.t('Training loss smoothing')),
      ),
      ...Object.values(this.#charts).map((each) => each.element),
      this.#slider.element,
      this.#flow.element,
      this.#reach,
      ...(below ? [below.element] : []),
    );
  }

  show(run: RunView): void {
    if (run.id !== this.#runId) this.#styles = new Map();
    this.#runId = run.id;
    this.#curves.clear();
    this.#probes = [];
    const { compared, comparedStep } = this.#page.store.current;
    void this.#page.callHost(async () => {
      await this.#page.host.compareProbesAt(comparedStep);
      await this.#page.host.compare(compared);
    });
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    for (const chart of [...Object.values(this.#charts), this.#flow]) chart.refresh();
  }

  comparable({
    runs,
    chosen,
    ranking,
  }: {
    runs: readonly ComparableRun[];
    chosen: readonly string[];
    ranking: readonly RankedGroup[];
  }): void {
    this.#runs = runs;
    this.#chosen = chosen;
    this.#groups = ranking;
    this.#styles = assignStyles(this.#styles, chosen, new Map(runs.map(({ id, color }) => [id, color])));
    this.#showRuns();
    this.#draw();
  }

  compared(run: ComparedRun): void {
    this.#curves.set(run.id, run);
    this.#draw();
    this.#page.filled();
  }

  comparedProbes(runs: readonly ProbedRun[]): void {
    this.#probes = runs;
    this.#drawFlow();
  }

  /** Compares other runs, and keeps the choice. */
  choose(chosen: readonly string[]): void {
    this.#page.store.change({ compared: [...chosen] });
    void this.#page.callHost(() => this.#page.host.compare([...chosen]));
  }

  #chooseStep(step: number | null): void {
    this.#page.store.change({ comparedStep: step });
    this.#showSlider();
    void this.#page.callHost(() => this.#page.host.compareProbesAt(step));
  }

  #showRuns(): void {
    const chosen = this.#chosenRuns();
    this.#legend.show(chosen, this.#styles, this.#runId);
    this.#ranking.show(this.#groups, chosen, this.#styles);
    for (const section of this.#sections) section.show(chosen);
    const others = this.#runs.filter(({ id }) => !this.#chosen.includes(id));
    const full = this.#chosen.length >= MAX_COMPARED_RUNS;
    const first = h(
      'option',
      { value: '' },
      full ? l10n.t('At most {0} runs', MAX_COMPARED_RUNS) : others.length === 0 ? l10n.t('No other runs') : ADD,
    );
    this.#add.replaceChildren(
      first,
      ...others.map(({ id, label, step }) =>
        h('option', { value: id }, l10n.t('{0}, step {1}', label, formatCount(step))),
      ),
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
    for (const name of ['bySteps', 'bySeconds'] as const) {
      this.#charts[name].show(specs[name], new Map(curves.map(({ id, drawn }) => [id, drawn[name]])));
    }
    this.#drawFlow();
  }

  #drawFlow(): void {
    const runs = this.#chosenRuns();
    const probed = new Map(this.#probes.map((each) => [each.id, each]));
    this.#showSlider();
    this.#flow.show(
      comparedFlowSpec('comparedLastStep', runLines(runs, this.#styles)),
      new Map(runs.flatMap(({ id }) => comparedFlowCurves(id, probed.get(id)?.flow))),
    );
    // Losses of several groups cannot be compared.
    const ranked = this.#groups.length === 1 ? (this.#groups[0]?.runs ?? []) : [];
    const labeled = runs.flatMap(({ id, label }) => {
      const { flow, first = null } = probed.get(id) ?? {};
      const bestLoss = ranked.find((run) => run.id === id)?.best?.loss ?? null;
      return flow ? [{ label, flow, first, bestLoss }] : [];
    });
    setText(this.#reach, describeReach(labeled).join(' '));
  }

  #showSlider(): void {
    this.#slider.show(
      this.#probes.map(({ steps }) => steps),
      this.#page.store.current.comparedStep,
    );
  }

  #chosenRuns(): ComparableRun[] {
    return this.#chosen.flatMap((id) => this.#runs.find((run) => run.id === id) ?? []);
  }
}
