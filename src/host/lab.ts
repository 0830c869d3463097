import './translations.ts';
import * as vscode from 'vscode';
import { AgentTools } from './agents/agentTools.ts';
import type { Sentiment } from './classification/sentiment.ts';
import { SentimentEditor } from './classification/sentimentEditor.ts';
import { adviceCommands } from './commands/advice.ts';
import { backendCommands } from './commands/backends.ts';
import { classifyCommands } from './commands/classify.ts';
import { classifyColumnCommands } from './commands/classifyColumn.ts';
import { colorCommands } from './commands/color.ts';
import { DataTexts } from './comparison/dataTexts.ts';
import type { DifferenceHostFunctions } from '../protocol/difference.ts';
import { differenceFunctions } from './comparison/differenceFunctions.ts';
import { compareCommands } from './commands/compare.ts';
import { courseCommands } from './commands/course.ts';
import { exportCommands } from './commands/exportRuns.ts';
import { archiveCommands } from './commands/runArchives.ts';
import { freeSpaceCommands } from './commands/freeSpace.ts';
import { openLink } from './links/openLink.ts';
import { forecastCommands } from './commands/forecast.ts';
import { exportPageCommands } from './commands/exportPage.ts';
import { firingCommands } from './commands/firings.ts';
import { generateCommands } from './commands/generate.ts';
import { reportError, runCommand, type Commands } from './commands/command.ts';
import { inspectDataCommands, trainOnData } from './commands/inspectData.ts';
import { modelCommands } from './commands/models.ts';
import { nativeCommands } from './commands/native.ts';
import { queueCommands } from './commands/queue.ts';
import { reportCommands } from './commands/reports.ts';
import { resumeCommands } from './commands/resume.ts';
import { runCommands } from './commands/runs.ts';
import { sentimentModelCommands } from './commands/sentimentModel.ts';
import { showRunsCommands } from './commands/showRuns.ts';
import { sampleTextCommands } from './commands/sampleText.ts';
import { sweepCommands } from './commands/sweep.ts';
import { trainAgainCommands } from './commands/trainAgain.ts';
import { trainClassifierCommands } from './commands/trainClassifier.ts';
import { trainCommands } from './commands/train.ts';
import { CoursePanels } from './course/coursePanel.ts';
import type { DataPanelOptions, DataSet } from './dataSets/dataPanel.ts';
import { DataPanels } from './dataSets/dataPanels.ts';
import { TextColors } from './decorations/textColors.ts';
import { TextHover } from './decorations/textHover.ts';
import { Disposables } from './disposables.ts';
import { Forms } from './form/forms.ts';
import { GradientsView } from './gradients/gradientsView.ts';
import { Inspection } from './inspection/inspection.ts';
import { OrphanedPanels } from './panel/orphanedPanels.ts';
import { RunPanels } from './panel/runPanels.ts';
import { ReportPreviews } from './reports/reportPreviews.ts';
import { beginTraining } from './runs/beginTraining.ts';
import { RunManager } from './runs/runManager.ts';
import { RunsWatcher } from './runs/runsWatcher.ts';
import { RunsPages } from './runsPage/runsPages.ts';
import { programsFolder } from './extensionFiles.ts';
import { defaultConfig, trainerSettings } from './settings.ts';
import { withReadingProgress } from './dataSets/readingProgress.ts';
import type { RemoteTrainer } from '../protocol/trainer.ts';
import { filterOf } from './sweeping/startSweep.ts';
import { SweepForms } from './sweeping/sweepForms.ts';
import { Sweeps } from './sweeping/sweeps.ts';
import { askTrainer } from './trainerClient/askTrainer.ts';
import { otherNode } from './trainerClient/findNode.ts';
import type { StartOptions } from './trainerClient/holder.ts';
import { WarmTrainer } from './trainerClient/warmTrainer.ts';
import { refuseNative } from './trust.ts';
import { Continuation } from './views/continuation.ts';
import { ContextKeys } from './views/contextKeys.ts';
import { EndNotices } from './views/endNotices.ts';
import { Milestones } from './views/milestones.ts';
import { QueueMemory } from './views/queueMemory.ts';
import { RunsTree } from './views/runsTree.ts';
import { selectShownRun } from './views/selectShown.ts';
import { StatusBar } from './views/statusBar.ts';
import { codeCacheFolder } from '../runs/home.ts';

/** All services of the extension, created when the first one is needed. */
export class Lab extends Disposables {
  readonly runs: RunManager;
  readonly panels: RunPanels;
  readonly tree: RunsTree;
  readonly inspection: Inspection;
  readonly colors: TextColors;
  readonly gradients: GradientsView;
  readonly sentiment: Sentiment;
  readonly data: DataPanels;
  readonly course: CoursePanels;
  readonly forms: Forms;
  readonly runsPages: RunsPages;
  readonly reports: ReportPreviews;
  readonly sweeps: Sweeps;
  readonly sweepForms: SweepForms;
  readonly difference: DifferenceHostFunctions;
  readonly milestones: Milestones;
  readonly agents: AgentTools;
  readonly extensionUri: vscode.Uri;
  readonly #log = this.register(vscode.window.createOutputChannel('Sequence Lab', { log: true }));
  readonly #commands: Commands;

  /** @param workspaceState remembers the runs in training, so that the next window can continue them, and the layout of the page "Runs" */
  constructor(extensionUri: vscode.Uri, workspaceState: vscode.Memento) {
    super();
    this.extensionUri = extensionUri;
    const log = this.#log;
    const onError = (error: unknown) => log.error(error instanceof Error ? error : String(error));
    const trainerOptions: StartOptions = (threads, backend = '') => {
      refuseNative(backend);
      const { isolation, nodePath, backends } = trainerSettings();
      return {
        isolation,
        programs: programsFolder(extensionUri),
        codeCache: codeCacheFolder(backends.home),
        threads,
        findNode: otherNode(backend, nodePath),
        onOutput: (text) => log.debug(text.trimEnd()),
      };
    };
    this.runs = this.register(new RunManager({ settings: trainerSettings, trainerOptions, onError }));
    this.inspection = this.register(new Inspection(this.runs, { settings: trainerSettings, trainerOptions, onError }));
    this.milestones = this.register(new Milestones(this.runs));
    const { reach } = this.milestones;
    const askOther = async <T>(request: (remote: RemoteTrainer) => Promise<T>, backend?: string): Promise<T> =>
      askTrainer(trainerOptions(0, backend), { ask: request, onError });
    const texts = new DataTexts(askOther);
    this.register(texts.registration);
    this.difference = differenceFunctions({
      run: (id) => this.runs.run(id),
      settings: trainerSettings,
      ask: askOther,
      texts,
      onError,
    });
    this.panels = this.register(
      new RunPanels({
        extensionUri,
        runs: this.runs,
        inspection: this.inspection,
        log,
        reach,
        difference: this.difference,
      }),
    );
    this.tree = this.register(new RunsTree(this.runs));
    this.gradients = this.register(
      new GradientsView({ extensionUri, runs: this.runs, panels: this.panels, tree: this.tree, log }),
    );
    this.register(new RunsWatcher(this.runs, onError));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('sequenceLab.parallelRuns')) this.runs.turns.refill();
      }),
    );
    this.register(new StatusBar(this.runs));
    this.register(new ContextKeys(this.runs, onError));
    this.register(new OrphanedPanels({ runs: this.runs, panels: this.panels, onError }));
    this.register(new EndNotices(this.runs, this.panels));
    this.register(new Continuation(this.runs, { memento: workspaceState, onError }));
    const failed = (error: unknown) => reportError(error, log);
    this.register(new QueueMemory(this.runs, { memento: workspaceState, onError: failed }));
    const { followed, inspectors } = this.inspection;
    this.colors = this.register(new TextColors({ runs: this.runs, followed, inspectors, onError: failed }));
    const hover = new TextHover({ followed, inspectors, coloring: () => this.colors.coloring, onError });
    this.register(vscode.languages.registerHoverProvider({ pattern: '**' }, hover));
    const { sentiment, classifier } = this.register(
      new SentimentEditor({ runs: this.runs, settings: trainerSettings, trainerOptions, onError }),
    );
    this.sentiment = sentiment;
    const inspect: DataPanelOptions['inspect'] = async ({ source, name, uri }, choice) => {
      const { data, seed, task } = defaultConfig(uri);
      const { validationShare, sequenceLength, split } = data;
      const request = { ...choice, source, validationShare, sequenceLength, split, seed, task };
      return withReadingProgress({ source, name }, async (options) =>
        askTrainer(trainerOptions(0), { ...options, ask: async (remote) => remote.inspectData(request), onError }),
      );
    };
    this.data = this.register(
      new DataPanels({
        extensionUri,
        log,
        inspect,
        train: async (set, inspection) =>
          void (await trainOnData(
            { runs: this.runs, panels: this.panels, forms: this.forms, extensionUri, log },
            set,
            inspection,
          )),
      }),
    );
    this.course = this.register(
      new CoursePanels({
        extensionUri,
        log,
        runs: this.runs,
        reach,
        column: () => this.panels.column,
        trainer: this.register(new WarmTrainer({ trainerOptions: () => trainerOptions(1), onError })),
      }),
    );
    this.forms = this.register(
      new Forms({
        extensionUri,
        log,
        column: () => this.panels.column,
        begin: async (training) => beginTraining({ runs: this.runs, panels: this.panels, log }, training),
      }),
    );
    this.runsPages = this.register(
      new RunsPages({ extensionUri, log, runs: this.runs, panels: this.panels, workspaceState }),
    );
    this.reports = this.register(new ReportPreviews({ extensionUri, log, runs: this.runs }));
    this.sweeps = this.register(
      new Sweeps({
        runs: this.runs,
        settings: trainerSettings,
        onError: failed,
        showTrials: (sweep) => this.runsPages.show(filterOf(sweep)),
        openRun: (id) => {
          const run = this.runs.run(id);
          if (run) this.panels.show(run);
        },
      }),
    );
    this.sweepForms = this.register(
      new SweepForms({
        extensionUri,
        log,
        runs: this.runs,
        sweeps: this.sweeps,
        runsPages: this.runsPages,
        column: () => this.panels.column,
      }),
    );
    const services = {
      runs: this.runs,
      panels: this.panels,
      inspection: this.inspection,
      colors: this.colors,
      sentiment,
      classifier,
      data: this.data,
      course: this.course,
      forms: this.forms,
      runsPages: this.runsPages,
      reports: this.reports,
      sweeps: this.sweeps,
      sweepForms: this.sweepForms,
      reach,
      inspectData: async (set: DataSet) => inspect(set, {}),
      log,
      extensionUri,
      trainerOptions,
    };
    this.agents = new AgentTools(services);
    this.#commands = {
      ...trainCommands(services),
      ...sampleTextCommands(services),
      ...trainAgainCommands(services),
      ...exportPageCommands(services),
      ...forecastCommands(services),
      ...compareCommands(services),
      ...runCommands(services),
      ...showRunsCommands(services),
      ...exportCommands(services),
      ...archiveCommands(services),
      ...freeSpaceCommands(services),
      ...modelCommands(services),
      ...reportCommands(services),
      ...resumeCommands(services),
      ...queueCommands(services, () => this.tree.selected),
      ...sweepCommands(services),
      ...adviceCommands(services),
      ...generateCommands(services),
      ...colorCommands(services),
      ...firingCommands(services),
      ...classifyCommands(services),
      ...classifyColumnCommands(services),
      ...sentimentModelCommands(services),
      ...trainClassifierCommands(services),
      ...inspectDataCommands(services),
      ...courseCommands(services),
      ...backendCommands(services),
      ...nativeCommands(services),
      showLog: async () => log.show(),
    };
  }

  /** Lets the selection of the view "Runs" follow the panel that is shown. */
  followPanels(view: vscode.TreeView<unknown>): void {
    this.register(selectShownRun(view, this.panels, (error) => this.#log.error(error as Error)));
  }

  /** Ends every run with a checkpoint, as far as the time limit of a closing window allows. */
  async close(): Promise<void> {
    // A sweep that goes on would take the ends of its runs for the user's.
    this.sweeps.stopAll();
    await this.runs.close();
  }

  /** Ids of the implemented commands. */
  get commandIds(): string[] {
    return Object.keys(this.#commands).map((name) => `sequenceLab.${name}`);
  }

  /** Opens a link to the extension. An error is shown in one notification. */
  async openLink(link: vscode.Uri): Promise<void> {
    const open = async () =>
      openLink(link, this.extensionUri, async (shown) => this.#commands['trainFromConfiguration']?.(shown));
    await runCommand({ open }, 'sequenceLab.open', [], this.#log);
  }

  /** Runs a command of the extension. An error is shown in one notification. */
  async run(command: string, args: readonly unknown[]): Promise<unknown> {
    return runCommand(this.#commands, command, args, this.#log);
  }
}
