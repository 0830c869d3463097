import * as vscode from 'vscode';
import { utf8Bytes } from '../../platform/bytes.ts';
import type { TabName } from '../../protocol/applicable.ts';
import {
  panelContract,
  panelHostContract,
  type PanelHostFunctions,
  type RemotePanel,
  type RunAction,
} from '../../protocol/panel.ts';
import type { comparisonHostContract } from '../../protocol/comparison.ts';
import type { DifferenceHostFunctions } from '../../protocol/difference.ts';
import type { generateTabHostContract } from '../../protocol/generateTab.ts';
import type { gradientsTabHostContract } from '../../protocol/gradientsTab.ts';
import type { openTextHostContract } from '../../protocol/openText.ts';
import { connect } from '../../protocol/rpc.ts';
import { Disposables } from '../disposables.ts';
import { ProbesFeed } from '../gradients/probesFeed.ts';
import { gradientsTabFunctions } from '../gradients/tabFunctions.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { metricsCsv } from '../series/csv.ts';
import type { Inspection } from '../inspection/inspection.ts';
import type { Reach } from '../views/milestones.ts';
import { CompareFeed } from './compareFeed.ts';
import { GenerateFeed } from './generateFeed.ts';
import { OpenTextFeed } from './openTextFeed.ts';
import { openTextCommands, openTextMessages } from './openTextMessages.ts';
import { PanelFeed } from './panelFeed.ts';
import { showPage } from './pageHtml.ts';
import { saveFile, savePageFile } from './saveFile.ts';
import { StartedFromFeed } from './startedFromFeed.ts';
import { webviewPort } from './webviewPort.ts';

/** What the buttons of the panel do: run a command, the same as in the tree and the palette, or open a tab. */
const actions: Record<RunAction, { readonly command: string } | { readonly tab: TabName }> = {
  trainNext: { command: 'sequenceLab.trainNext' },
  leaveQueue: { command: 'sequenceLab.removeFromQueue' },
  pause: { command: 'sequenceLab.pauseRun' },
  unpause: { command: 'sequenceLab.continueRun' },
  stop: { command: 'sequenceLab.stopRun' },
  resume: { command: 'sequenceLab.resumeRun' },
  resumeWithHalfLearningRate: { command: 'sequenceLab.resumeWithHalfLearningRate' },
  resumeWithClipping: { command: 'sequenceLab.resumeWithClipping' },
  resumeOnBundledBackend: { command: 'sequenceLab.resumeOnBundledBackend' },
  runAgain: { command: 'sequenceLab.runAgain' },
  trainAgain: { command: 'sequenceLab.trainAgain' },
  generate: { tab: 'generate' },
  compare: { tab: 'compare' },
  copyConfiguration: { command: 'sequenceLab.copyConfiguration' },
  exportPage: { command: 'sequenceLab.exportPage' },
  reveal: { command: 'sequenceLab.revealRun' },
};

export interface RunPanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  readonly runs: RunManager;
  readonly inspection: Inspection;
  readonly log: vscode.LogOutputChannel;
  readonly reach: Reach;
  readonly difference: DifferenceHostFunctions;
}

/** One panel "Sequence Lab". It shows the same run until it is closed, across pauses, resumes and window reloads. */
export class RunPanel extends Disposables {
  readonly panel: vscode.WebviewPanel;
  readonly #runs: RunManager;
  readonly #log: vscode.LogOutputChannel;
  readonly #feed: PanelFeed;
  readonly #generate: GenerateFeed;
  readonly #startedFrom: StartedFromFeed;
  #run: string | undefined;
  #tab: TabName = 'loss';
  /** Tab to show once the page is loaded. */
  #wantedTab: TabName | undefined;
  /** Runs to compare once the page is loaded. */
  #wantedRuns: readonly string[] | undefined;
  readonly #page: RemotePanel;
  /** Whether the page is loaded and has requested its content. */
  #ready = false;
  #hadRun = false;

  constructor(
    { panel, extensionUri, runs, inspection, log, reach, difference }: RunPanelOptions,
    run: string | undefined,
  ) {
    super();
    this.panel = panel;
    this.#runs = runs;
    this.#log = log;
    this.#run = run;
    const onError = (error: unknown) => log.error(error as Error);
    const openText = new OpenTextFeed({
      send: (shown) => void connection.remote.openText(shown).catch(onError),
      followed: inspection.followed,
      inspectors: inspection.inspectors,
      rows: inspection.rows,
      hidden: async (run) => inspection.hidden.of(run),
      commands: openTextCommands(inspection.followed),
      messages: openTextMessages,
    });
    const generate = new GenerateFeed({
      send: (change) => void connection.remote.generation(change).catch(onError),
      inspectors: inspection.inspectors,
      isTraining: (run) => run.state === 'running' && runs.liveRun(run.id) !== undefined,
      onError,
    });
    this.#generate = generate;
    const compare = new CompareFeed(
      runs,
      {
        comparable: (list) => {
          if (list.chosen.length > 1) reach('comparisonOpened');
          void connection.remote.comparable(list).catch(onError);
        },
        compared: (compared) => void connection.remote.compared(compared).catch(onError),
        comparedProbes: (probed) => void connection.remote.comparedProbes(probed).catch(onError),
      },
      onError,
    );
    const probes = new ProbesFeed((change) => void connection.remote.probes(change).catch(onError));
    const textFunctions = openText.functions();
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: panelHostContract,
      functions: {
        ...this.#functions(),
        ...gradientsTabFunctions(() => this.run, inspection),
        ...textFunctions,
        activationMap: async (request) => {
          const map = await textFunctions.activationMap(request);
          reach('gatesSeen');
          return map;
        },
        ...generate.functions(),
        ...compare.functions(),
        ...difference,
      },
      calls: panelContract,
      onError,
    });
    this.register({ dispose: () => connection.close(new Error('The panel was closed.')) });
    this.#page = connection.remote;
    this.#startedFrom = new StartedFromFeed(
      (id) => runs.run(id),
      (from) => void connection.remote.startedFrom(from).catch(onError),
    );
    this.#feed = new PanelFeed(connection.remote, onError, {
      gradients: probes,
      gates: openText,
      explain: openText,
      text: openText,
      generate,
      compare,
    });
    this.register({ dispose: () => this.#feed.pause() });
    this.register({ dispose: () => generate.cancel() });
    this.register(runs.onDidChangeRun((changed) => this.#follow(changed)));
    this.register(runs.onDidChangeList(() => this.#ready && this.#startedFrom.send(this.run)));
    this.register(panel.onDidChangeViewState(() => this.#visibilityChanged()));
    this.register(panel.onDidDispose(() => this.dispose()));
    this.#setTitle();
    showPage(panel, extensionUri, 'panel');
  }

  /** The shown run; undefined before it is found in the run store, and after it was deleted. */
  get run(): RunModel | undefined {
    return this.#run === undefined ? undefined : this.#runs.run(this.#run);
  }

  /** Whether the run was ever found in the run store. */
  get hadRun(): boolean {
    return this.#hadRun;
  }

  /** Sets the run of a panel that was opened without one. */
  async assign(run: string): Promise<void> {
    this.#run = run;
    this.#setTitle();
    if (this.#ready) await this.#show();
  }

  /** Shows a tab, at once or when the page is loaded. */
  openTab(tab: TabName): void {
    this.#wantedTab = tab;
    if (this.#ready) this.#openWanted();
  }

  /** Shows a comparison of runs in the tab "Compare", at once or when the page is loaded. */
  openComparison(runs: readonly string[]): void {
    this.#wantedRuns = runs;
    if (this.#ready) this.#openWanted();
  }

  #openWanted(): void {
    const onError = (error: unknown) => this.#log.error(error as Error);
    if (this.#wantedTab) this.#page.openTab(this.#wantedTab).catch(onError);
    if (this.#wantedRuns) this.#page.openComparison([...this.#wantedRuns]).catch(onError);
    this.#wantedTab = undefined;
    this.#wantedRuns = undefined;
  }

  async #show(): Promise<void> {
    await this.#load();
    this.#setTitle();
    this.#feed.show(this.run, this.#tab);
    this.#startedFrom.send(this.run);
  }

  #functions(): Omit<
    PanelHostFunctions,
    | keyof typeof openTextHostContract
    | keyof typeof generateTabHostContract
    | keyof typeof comparisonHostContract
    | keyof DifferenceHostFunctions
    | keyof typeof gradientsTabHostContract
  > {
    return {
      ready: async ({ run, tab }) => {
        this.#run ??= run ?? undefined;
        this.#tab = tab;
        this.#ready = true;
        this.#startedFrom.restart();
        await this.#show();
        this.#openWanted();
      },
      chooseTab: (tab) => {
        this.#tab = tab;
        this.#feed.choose(tab);
      },
      act: async (action) => {
        const chosen = actions[action];
        if ('tab' in chosen) this.openTab(chosen.tab);
        else await Promise.race([vscode.commands.executeCommand(chosen.command, this.#run), this.#waits()]);
      },
      sample: async (sampling) => {
        const live = this.#run === undefined ? undefined : this.#runs.liveRun(this.#run);
        if (!live)
          throw new Error(vscode.l10n.t('This run is not training. Resume it, or use "Generate text at cursor".'));
        await live.sample(sampling);
      },
      openParent: async () => {
        const parent = this.run?.parent;
        if (parent) await vscode.commands.executeCommand('sequenceLab.openRun', parent.run);
      },
      saveFile: savePageFile,
      exportCsv: async () => {
        const { run } = this;
        if (run) await saveFile(`${run.id}.csv`, utf8Bytes(metricsCsv(run.curves)), { label: 'CSV', extension: 'csv' });
      },
      report: ({ message }) => this.#log.error(`Panel: ${message}`),
    };
  }

  /** Resolves when the run waits for its turn: what was requested then follows later. */
  async #waits(): Promise<void> {
    const { run } = this;
    return run && this.#runs.until(run, () => run.state === 'waiting');
  }

  async #load(): Promise<void> {
    if (this.#run === undefined) return;
    if (!this.run) await this.#runs.refresh();
    if (this.run) await this.#runs.loadMetrics(this.#run);
  }

  #follow(changed: RunModel): void {
    if (changed.id !== this.#run) return;
    this.#setTitle();
    if (this.#ready && this.panel.visible) this.#feed.changed();
  }

  #visibilityChanged(): void {
    if (this.panel.visible) return;
    // VS Code discards the page of a hidden panel; the new page calls `ready` again.
    this.#ready = false;
    this.#feed.pause();
    this.#generate.cancel();
  }

  #setTitle(): void {
    const { run } = this;
    if (!run) return;
    this.#hadRun = true;
    if (this.panel.title !== run.view.title) this.panel.title = run.view.title;
  }
}
