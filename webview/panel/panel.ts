import * as l10n from '@vscode/l10n';
import { h, setText } from '../dom.ts';
import { Frames } from '../frames.ts';
import type { TabName } from '../../src/protocol/applicable.ts';
import { connect } from '../../src/protocol/rpc.ts';
import {
  noProgress,
  panelContract,
  panelHostContract,
  type PanelFunctions,
  type ProgressChange,
  type RunProgress,
  type RunView,
  type SampleView,
} from '../../src/protocol/panel.ts';
import type { GenerationChange } from '../../src/protocol/generateTab.ts';
import type { ComparedRun, ProbedRun } from '../../src/protocol/comparison.ts';
import type { Report } from '../../src/protocol/report.ts';
import type { OpenText } from '../../src/protocol/openText.ts';
import type { StartedFrom } from '../../src/protocol/startedFrom.ts';
import { CheckpointSection } from './compare/checkpointSection.ts';
import { CompareTab } from './compare/compareTab.ts';
import { DifferenceSection } from './compare/differenceSection.ts';
import { ExplainTab } from './explain/explainTab.ts';
import { GatesTab } from './gates/gatesTab.ts';
import { GenerateTab } from './generate/generateTab.ts';
import { GradientsTab } from './gradients/gradientsTab.ts';
import type { ProbesChange } from '../../src/protocol/probeHistory.ts';
import { Header } from './header.ts';
import { LossTab } from './loss/lossTab.ts';
import { Messages } from './messages.ts';
import { panelState, type PanelState } from './panelState.ts';
import { ResultsTab } from './results/resultsTab.ts';
import { pictureName } from '../pictureName.ts';
import type { PanelTab, TabContext } from './tabs/tab.ts';
import { TabBar } from './tabs/tabBar.ts';
import { TextTab } from './text/textTab.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { StoredState } from '../storedState.ts';
import { webviewPort } from '../webviewPort.ts';

/** Panel "Sequence Lab": shows the data that the host sends, and forwards the user's actions to the host. */
export class Panel implements PanelFunctions {
  readonly #store: StoredState<PanelState>;
  readonly #host;
  readonly #header = new Header(
    (action) => this.#callHost(() => this.#host.act(action)),
    {
      openParent: () => void this.#callHost(() => this.#host.openParent()),
      compare: () => this.openTab('compare'),
    },
    (format, title, content) => this.#saveFile(format, title, content),
  );
  readonly #messages = new Messages();
  readonly #loss: LossTab;
  readonly #results: ResultsTab;
  readonly #generate: GenerateTab;
  readonly #gradients: GradientsTab;
  readonly #gates: GatesTab;
  readonly #explain: ExplainTab;
  readonly #text: TextTab;
  readonly #compare: CompareTab;
  readonly #tabs: readonly PanelTab[];
  readonly #bar: TabBar;
  readonly #noRun = h('p', { class: 'no-run', role: 'status' }, l10n.t('Waiting for the extension.'));
  readonly #content: HTMLElement;
  #run: RunView | null = null;
  /** The visible tab, whose content the host sends. */
  #tab: TabName = 'loss';
  #progress: RunProgress = noProgress;
  /** Scroll position to restore when the content is loaded and the page has its height. */
  #scrollTo: number | null = null;

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#store = new StoredState(panelState, api);
    this.#host = connect({
      port: webviewPort(api),
      serves: panelContract,
      functions: this,
      calls: panelHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    const page = this.#createContext();
    this.#loss = new LossTab(page);
    this.#results = new ResultsTab(page);
    this.#generate = new GenerateTab(page);
    this.#gradients = new GradientsTab(page);
    this.#gates = new GatesTab(page);
    this.#explain = new ExplainTab(page);
    this.#text = new TextTab(page);
    this.#compare = new CompareTab(page, { above: new DifferenceSection(page), below: new CheckpointSection(page) });
    this.#tabs = [
      this.#loss,
      this.#results,
      this.#generate,
      this.#gradients,
      this.#gates,
      this.#explain,
      this.#text,
      this.#compare,
    ];
    this.#bar = new TabBar(this.#tabs, (tab) => {
      this.#store.change({ tab: tab.name });
      this.#tab = tab.name;
      void this.#callHost(() => this.#host.chooseTab(tab.name));
    });
    this.#content = h('main', { hidden: true }, this.#header.element, this.#messages.element, this.#bar.element);
    root.append(this.#noRun, this.#content);
    this.#bar.show(this.#tabNamed(this.#store.current.tab) ?? this.#loss);
  }

  /** Reports to the host that the panel is ready, with the run and the tab that it showed before. */
  async start(): Promise<void> {
    window.addEventListener('scrollend', () => this.#store.change({ scroll: window.scrollY }));
    const { run, tab } = this.#store.current;
    this.#tab = tab ?? this.#loss.name;
    await this.#host.ready({ run, tab: this.#tab });
  }

  show(run: RunView | null): void {
    const restored = this.#store.current.run === (run?.id ?? null) ? this.#store.current : null;
    const isSameRun = this.#run !== null && this.#run.id === run?.id;
    this.#run = run;
    this.#progress = noProgress;
    this.#store.change({
      run: run?.id ?? null,
      sampling: restored?.sampling ?? null,
      generation: restored?.generation ?? null,
      compared: restored?.compared ?? null,
      comparedStep: restored?.comparedStep ?? null,
    });
    this.#content.hidden = run === null;
    setText(
      this.#noRun,
      run
        ? ''
        : l10n.t(
            'No run yet. Select how to train, or open a text file and run "Train LSTM on file" from the command palette.',
          ),
    );
    if (run) {
      this.#showRun(run);
      for (const tab of this.#tabs) tab.show(run);
      this.#showTabs(run);
    }
    if (isSameRun) return;
    this.#header.showStartedFrom(null);
    this.#scrollTo = restored?.scroll ?? 0;
    window.scrollTo(0, this.#scrollTo);
  }

  update(run: RunView): void {
    this.#run = run;
    this.#showRun(run);
    for (const tab of this.#tabs) tab.update(run);
    // A program that logs its run may log gates and gradients long after its first step.
    this.#bar.offer(run.applies.tabs);
    if (!run.applies.tabs.some((name) => name === this.#tab)) this.#showTabs(run);
  }

  startedFrom(from: StartedFrom | null): void {
    this.#header.showStartedFrom(from);
  }

  progress(change: ProgressChange): void {
    this.#progress = change;
    if (this.#run) this.#header.showProgress(this.#run, change);
    this.#loss.progress(change);
  }

  samples(samples: readonly SampleView[]): void {
    this.#loss.samples(samples);
    this.#text.samples(samples);
  }

  results(report: Report | null): void {
    this.#results.results(report);
  }

  openTab(name: TabName): void {
    const tab = this.#tabNamed(name);
    if (tab && this.#run?.applies.tabs.includes(name) !== false) this.#bar.choose(tab);
  }

  openComparison(runs: readonly string[]): void {
    this.openTab('compare');
    this.#compare.choose(runs);
  }

  generation(change: GenerationChange): void {
    this.#generate.generation(change);
  }

  probes(change: ProbesChange): void {
    this.#gradients.probes(change);
  }

  openText(openText: OpenText): void {
    this.#gates.openText(openText);
    this.#explain.openText(openText);
    this.#text.openText(openText);
  }

  comparable(list: Parameters<PanelFunctions['comparable']>[0]): void {
    this.#compare.comparable(list);
  }

  compared(run: ComparedRun): void {
    this.#compare.compared(run);
  }

  comparedProbes(runs: readonly ProbedRun[]): void {
    this.#compare.comparedProbes(runs);
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    this.#messages.showError(error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  #tabNamed(name: TabName | null): PanelTab | undefined {
    return this.#tabs.find((each) => each.name === name);
  }

  /** Shows the tabs that apply to a run, and among them the one that the user has selected, or the first. */
  #showTabs({ applies }: RunView): void {
    this.#bar.offer(applies.tabs);
    const { tab: selected } = this.#store.current;
    const name = selected && applies.tabs.includes(selected) ? selected : applies.firstTab;
    const tab = this.#tabNamed(name);
    if (!tab || name === this.#tab) return;
    this.#tab = name;
    this.#bar.show(tab);
    void this.#callHost(() => this.#host.chooseTab(name));
  }

  #showRun(run: RunView): void {
    this.#header.show(run);
    this.#header.showProgress(run, this.#progress);
    this.#messages.show(run);
  }

  #createContext(): TabContext {
    return {
      frames: new Frames(),
      store: this.#store,
      host: this.#host,
      callHost: (request) => this.#callHost(request),
      chartServices: {
        settingsChanged: (spec, settings) =>
          this.#store.change({ charts: { ...this.#store.current.charts, [spec.id]: settings } }),
        saveFile: (format, title, content) => this.#saveFile(format, title, content),
      },
      filled: () => {
        if (this.#scrollTo !== null) window.scrollTo(0, this.#scrollTo);
        this.#scrollTo = null;
      },
    };
  }

  #saveFile(format: 'png' | 'svg' | 'csv', title: string, content: string): void {
    const run = this.#run && { name: this.#run.name, step: this.#progress.step };
    void this.#callHost(() => this.#host.saveFile({ format, name: pictureName(run, title), content }));
  }

  /** Sends a request to the host and shows its error message if it fails. */
  async #callHost(request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (error) {
      this.#messages.showError(error instanceof Error ? error.message : String(error));
    }
  }
}
