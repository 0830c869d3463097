import * as l10n from '@vscode/l10n';
import { evenly } from '../../../src/format/evenly.ts';
import type { ThroughTraining } from '../../charts/animation.ts';
import type { AnimatedMap } from '../../charts/heatMapScene.ts';
import { formatCount } from '../../charts/number.ts';
import type { Points } from '../../charts/points.ts';
import { onThemeChange } from '../../charts/theme.ts';
import { h, setText } from '../../dom.ts';
import { AdviceList } from '../../probes/adviceList.ts';
import { describeMissingProbe, describeCost } from '../../probes/describeProbe.ts';
import { cutMark, type FlowExtra, verdictLines } from '../../probes/lastStepChart.ts';
import { ProbeList } from '../../probes/probeList.ts';
import { ProbeLoader } from '../../probes/probeLoader.ts';
import { Scrubber } from '../../probes/scrubber.ts';
import { VerdictBox } from '../../probes/verdictBox.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import type { ProbesChange } from '../../../src/protocol/probeHistory.ts';
import {
  isLayer,
  judgedDirection,
  type LayerName,
  type Probe,
  type ProbeSource,
} from '../../../src/protocol/probes.ts';
import type { PanelTab, TabContext } from '../tabs/tab.ts';
import { ChartGroup } from './chartGroup.ts';
import { lagCharts, trendCharts } from './chartSpecs.ts';
import { lagCurves, type ShownLayer, trendCurves } from './curves.ts';
import { GateCards } from './gateCards.ts';
import { firstGradientsChoice, type GradientsChoice } from './gradientsChoice.ts';
import { GradientsControls } from './gradientsControls.ts';
import { LagMatrixCard } from './lagMatrixCard.ts';
import { lagMatrixScenes, type StepMatrix } from './lagMatrixScene.ts';
import { describeLags } from './describeLags.ts';
import { ParameterTable } from './parameterTable.ts';

/** Probe of the open text. */
interface ProbedText {
  readonly name: string;
  readonly probe: Probe;
}

/** Id of the chart of the Jacobian, which only complete probes measure. */
const JACOBIAN = 'gradients.jacobian';

/** Tab "Gradients": all measurements of a probe for one layer, from any probe of the run or of the open text. */
export class GradientsTab implements PanelTab {
  readonly name = 'gradients';
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #list: ProbeList;
  readonly #loader: ProbeLoader;
  readonly #empty = h('p', { class: 'empty-tab', role: 'status' });
  readonly #content: HTMLElement;
  readonly #controls = new GradientsControls(
    (source) => void this.#chooseSource(source),
    (layer) => this.#chooseLayer(layer),
    (extra) => {
      this.#change({ extra });
      this.#draw();
    },
  );
  readonly #verdict = new VerdictBox();
  readonly #advice: AdviceList;
  readonly #scrubber: Scrubber;
  readonly #lagContainer = h('div');
  readonly #trends: ChartGroup;
  readonly #matrix: LagMatrixCard;
  readonly #gates = new GateCards();
  readonly #parameters = new ParameterTable();
  #lags: { readonly withCell: boolean; readonly extra: FlowExtra; readonly group: ChartGroup } | null = null;
  #run: RunView | null = null;
  #text: ProbedText | null = null;
  /** The layer that is drawn. */
  #shownName: LayerName | null = null;
  /** True if the cell of the layer defines its Jacobian. */
  #hasJacobian = true;
  /** True if the next verdict is announced, after a selection. */
  #announce = false;

  constructor(page: TabContext) {
    this.#page = page;
    const { host, callHost } = page;
    this.#list = new ProbeList(this.#choice.step);
    this.#loader = new ProbeLoader(
      (step) => host.probeAt({ step }),
      () => this.#draw(),
      (error) => void callHost(() => Promise.reject(error as Error)),
    );
    this.#scrubber = new Scrubber(this.#list, () => {
      this.#change({ step: this.#list.chosen });
      this.#announce = true;
      this.#load();
    });
    this.#advice = new AdviceList((advice) =>
      callHost(() => host.tryAdvice({ step: this.#list.current?.step ?? 0, advice })),
    );
    this.#trends = new ChartGroup(trendCharts, page, {
      references: ({ id }) => (id === 'gradients.recurrentKernel' ? [{ label: '', value: 1 }] : []),
      marks: () => [],
      missingText: () => '',
    });
    this.#matrix = new LagMatrixCard(page, async (limit) => this.#matricesThroughTraining(limit));
    const findings = h('div', { class: 'findings' }, this.#verdict.element, this.#advice.element);
    const blocks = h('div', { class: 'blocks' }, this.#matrix.element, this.#gates.element, this.#parameters.element);
    this.#content = h(
      'div',
      { class: 'gradients', hidden: true },
      this.#scrubber.element,
      findings,
      this.#lagContainer,
      blocks,
      this.#trends.element,
    );
    this.element = h('div', { class: 'gradients' }, this.#controls.element, this.#empty, this.#content);
    onThemeChange(() => {
      this.#lags?.group.recolor();
      this.#trends.recolor();
    });
  }

  show(run: RunView): void {
    if (this.#run && this.#run.id !== run.id) {
      this.#list.clear();
      this.#change({ step: null });
    }
    this.#list.apply({ keep: 0, added: [] });
    this.#loader.clear();
    this.#verdict.clear();
    this.#text = null;
    this.update(run);
  }

  update(run: RunView): void {
    this.#run = run;
    const stored = this.#list.probes.length > 0;
    const shown = stored || this.#text !== null;
    // A run that takes probes shows them by itself.
    const takesNone = run.state === 'imported' || run.probeEvery === 0;
    const text = run.logged === undefined && run.applies.tabs.includes('gradients') && (shown || takesNone);
    this.#controls.offer({ text, stored, shown });
    this.#controls.element.hidden = !shown && !text;
    this.#content.hidden = !shown;
    setText(this.#empty, shown ? '' : describeMissingProbe(run));
  }

  appear(): void {
    this.#lags?.group.refresh();
    this.#trends.refresh();
    this.#matrix.refresh();
  }

  /** Applies a change of the run's probes. */
  probes(change: ProbesChange): void {
    if (change.keep < this.#list.probes.length) this.#loader.clear();
    this.#list.apply(change);
    if (this.#run) this.update(this.#run);
    this.#load();
    this.#page.filled();
  }

  get #choice(): GradientsChoice {
    return this.#page.store.current.gradients ?? firstGradientsChoice;
  }

  #change(change: Partial<GradientsChoice>): void {
    this.#page.store.change({ gradients: { ...this.#choice, ...change } });
  }

  #chooseLayer({ layer, direction }: LayerName): void {
    this.#change({ layer: { layer, direction } });
    this.#announce = true;
    this.#draw();
  }

  async #chooseSource(source: ProbeSource): Promise<void> {
    if (source === 'batch') this.#text = null;
    else await this.#page.callHost(async () => void (this.#text = await this.#page.host.probeOpenText()));
    if (this.#run) this.update(this.#run);
    this.#announce = true;
    this.#draw();
  }

  /** Loads the probe to show, the first one and the latest complete one. */
  #load(): void {
    this.#scrubber.show();
    const wanted = [this.#list.current, this.#list.probes[0], this.#list.complete];
    this.#loader.want(wanted.flatMap((probe) => (probe ? [probe.step] : [])));
    this.#draw();
  }

  /** Draws the probe to show. While it loads, the previous one stays. */
  #draw(): void {
    const probe = this.#text?.probe ?? this.#loader.get(this.#list.current?.step);
    if (!probe) return;
    const shown = this.#layerOf(probe);
    this.#shownName = { layer: shown.flow.layer, direction: shown.flow.direction };
    const complete = this.#text ? probe : this.#loader.get(this.#list.complete?.step);
    const first = this.#text ? undefined : this.#loader.get(this.#list.probes[0]?.step);
    const same = (other: Probe | undefined) => other && directionOf(other, shown.flow);
    const layers = { current: shown, first: first === probe ? undefined : same(first), complete: same(complete) };

    this.#controls.show(
      this.#text ? 'text' : 'batch',
      probe,
      shown.flow,
      this.#choice.extra,
      this.#text ? `"${this.#text.name}". ${describeCost(probe)}` : describeCost(probe),
    );
    this.#scrubber.element.hidden = this.#text !== null;
    this.#verdict.show(probe, shown.flow, this.#announce);
    this.#announce = false;
    this.#advice.show(this.#text ? [] : probe.advice);
    this.#hasJacobian = !layers.complete?.layer.unavailable?.includes('jacobian');
    const group = this.#lagGroup(shown);
    group.show(lagCurves(layers));
    for (const [id, text] of describeLags(shown, layers.complete?.layer)) group.setCaption(id, text);
    this.#matrix.show(layers.complete?.layer, this.#completeNote());
    this.#gates.show(shown.layer);
    this.#parameters.show(probe);
    this.#trends.show(trendCurves(this.#list.probes, shown.flow));
  }

  /** Returns the selected layer, or the default one. */
  #layerOf(probe: Probe): ShownLayer {
    const { layer } = this.#choice;
    return (layer && directionOf(probe, layer)) ?? judgedDirection(probe);
  }

  #lagGroup({ flow }: ShownLayer): ChartGroup {
    const withCell = flow.c !== null;
    const { extra } = this.#choice;
    if (this.#lags?.withCell === withCell && this.#lags.extra === extra) return this.#lags.group;
    const group = new ChartGroup(lagCharts(withCell, extra), this.#page, {
      references: ({ id }) =>
        id === 'gradients.lastStep' ? verdictLines : id === JACOBIAN ? [{ label: '', value: 1 }] : [],
      // How far the program of a logged run follows the gradient is not known.
      marks: () => (this.#run && !this.#run.logged ? [cutMark(this.#run.truncation)] : []),
      missingText: ({ id }) => (id === JACOBIAN ? this.#jacobianNote() : ''),
      throughTraining: ({ id }) => this.#curvesThroughTraining(id === JACOBIAN),
    });
    this.#lags = { withCell, extra, group };
    this.#lagContainer.replaceChildren(group.element);
    return group;
  }

  /** The curves of the shown layer in every probe of the run; null for a probe of the open text. */
  #curvesThroughTraining(onlyComplete: boolean): ThroughTraining<ReadonlyMap<string, Points>> | null {
    const name = this.#shownName;
    if (this.#text || !name) return null;
    const probes = this.#list.probes.filter(({ complete }) => complete || !onlyComplete);
    return {
      steps: probes.map(({ step }) => step),
      at: async (step) => {
        const probe = await this.#page.host.probeAt({ step });
        const current = directionOf(probe, name);
        if (!current) return new Map();
        const complete = probes.some((each) => each.step === step && each.complete) ? current : undefined;
        return lagCurves({ current, first: undefined, complete });
      },
    };
  }

  /** Lag matrices of the shown layer in complete probes of the run, in the same colors; none for the open text. */
  async #matricesThroughTraining(limit: number): Promise<AnimatedMap[]> {
    const name = this.#shownName;
    if (this.#text || !name) return [];
    const probes = this.#list.probes.filter(({ complete }) => complete);
    const measured: StepMatrix[] = [];
    for (const index of evenly(probes.length, limit)) {
      const step = probes[index]?.step ?? 0;
      const shown = directionOf(await this.#page.host.probeAt({ step }), name);
      if (shown) measured.push({ step, matrix: shown.layer.lagMatrix });
    }
    return lagMatrixScenes(measured);
  }

  /** Explains why the Jacobian chart is empty or shows another step. */
  #jacobianNote(): string {
    return this.#hasJacobian ? this.#completeNote() : l10n.t('The Jacobian of this cell is not available.');
  }

  /** Note on the step of the measurements that only every tenth probe takes. */
  #completeNote(): string {
    const { complete, current } = this.#list;
    if (this.#text || !complete || complete === current) return '';
    return l10n.t('Measured at step {0}. Only every tenth probe measures this.', formatCount(complete.step));
  }
}

/** One direction of a layer in a probe; undefined if the probe has no such layer. */
function directionOf({ layers, flow: flows }: Probe, name: LayerName): ShownLayer | undefined {
  const layer = layers.find((each) => isLayer(each, name));
  const flow = flows.find((each) => isLayer(each, name));
  return layer && flow && { layer, flow };
}
