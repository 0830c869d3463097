import * as vscode from 'vscode';
import {
  type CourseHostFunctions,
  courseHostContract,
  courseViewContract,
  type LessonRequest,
  type RemoteCourseView,
} from '../../protocol/course.ts';
import { type LessonId, lessons } from '../../protocol/lessons/lessons.ts';
import { connect } from '../../protocol/rpc.ts';
import { Disposables } from '../disposables.ts';
import { showPage, webviewOptions } from '../panel/pageHtml.ts';
import { savePageFile } from '../panel/saveFile.ts';
import { webviewPort } from '../panel/webviewPort.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { WarmTrainer } from '../trainerClient/warmTrainer.ts';
import type { Reach } from '../views/milestones.ts';
import { LessonRuns } from './lessonRuns.ts';
import { lessonTraining } from './lessonTraining.ts';

const PANEL_TYPE = 'sequenceLab.course';

export interface CoursePanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly runs: RunManager;
  readonly reach: Reach;
  /** Column for the new panel. */
  readonly column: () => vscode.ViewColumn;
  /** Computes the lessons. */
  readonly trainer: WarmTrainer;
}

/** The panel "Course"; at most one exists. */
export class CoursePanels extends Disposables {
  readonly #options: CoursePanelsOptions;
  readonly #runs: LessonRuns;
  readonly #training: ReturnType<typeof lessonTraining>;
  #open: { readonly panel: vscode.WebviewPanel; readonly page: RemoteCourseView } | undefined;
  /** Whether the page is loaded. VS Code discards a hidden page and loads it again when it is revealed. */
  #isReady = false;
  /** What to show when the page is ready. */
  #wanted: LessonRequest | undefined;

  constructor(options: CoursePanelsOptions) {
    super();
    this.#options = options;
    const { runs, extensionUri } = options;
    this.#training = lessonTraining(extensionUri);
    this.#runs = this.register(
      new LessonRuns({
        runs,
        training: this.#training,
        send: (list) => this.#open?.page.runs(list).catch(this.#logError),
        onError: this.#logError,
      }),
    );
  }

  /** Opens a lesson or the table of contents in the existing panel, or in a new one. */
  show(request: LessonRequest): void {
    if (this.#open) {
      const { panel, page } = this.#open;
      if (this.#isReady) page.open(request).catch(this.#logError);
      else this.#wanted = request;
      panel.reveal(undefined, true);
      return;
    }
    this.#wanted = request;
    const place = { viewColumn: this.#options.column(), preserveFocus: true };
    this.restore(
      vscode.window.createWebviewPanel(
        PANEL_TYPE,
        vscode.l10n.t('Course'),
        place,
        webviewOptions(this.#options.extensionUri),
      ),
    );
  }

  /** Trains the runs of a lesson. @returns ids of the runs that have begun, after they have ended */
  async train(lesson: LessonId): Promise<string[]> {
    return this.#runs.train({ lesson });
  }

  /**
   * Connects a panel, which is new or was restored by VS Code after a reload of the window; a restored page keeps its
   * lesson.
   */
  restore(panel: vscode.WebviewPanel): void {
    const { extensionUri } = this.#options;
    panel.webview.options = webviewOptions(extensionUri);
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: courseHostContract,
      functions: this.#functions(),
      calls: courseViewContract,
      onError: this.#logError,
    });
    this.#open = { panel, page: connection.remote };
    this.#isReady = false;
    panel.onDidChangeViewState(() => {
      if (panel.visible) return;
      this.#isReady = false;
      this.#runs.follow(null);
    });
    panel.onDidDispose(() => {
      connection.close(new Error('The view was closed.'));
      if (this.#open?.panel !== panel) return;
      this.#open = undefined;
      this.#runs.follow(null);
      this.#options.trainer.dispose();
    });
    showPage(panel, extensionUri, 'course');
  }

  #functions(): CourseHostFunctions {
    const { trainer, log } = this.#options;
    return {
      ready: async () => {
        this.#isReady = true;
        const wanted = this.#wanted;
        this.#wanted = undefined;
        if (wanted) await this.#open?.page.open(wanted);
      },
      workBagOfWords: async (request) => trainer.ask(async (remote) => remote.workBagOfWords(request)),
      workPadding: async (request) => trainer.ask(async (remote) => remote.workPadding(request)),
      workConstruction: async (request) => trainer.ask(async (remote) => remote.workConstruction(request)),
      inferHmm: async (request) => trainer.ask(async (remote) => remote.inferHmm(request)),
      estimateHmm: async (request) => trainer.ask(async (remote) => remote.estimateHmm(request)),
      workPipeline: async (request) => trainer.ask(async (remote) => remote.workPipeline(request)),
      workOrder: async (request) => trainer.ask(async (remote) => remote.workOrder(request)),
      lessonOpened: () => this.#options.reach('lessonOpened'),
      followRuns: (lesson) => this.#runs.follow(lesson),
      trainRuns: async (request) => void (await this.#runs.train(request)),
      showProbesAt: (step) => this.#runs.showProbesAt(step),
      probeUntrained: async ({ lesson, run, changes }) => {
        const definition = lessons[lesson].runs?.find(({ key }) => key === run);
        if (!definition) throw new RangeError(`The lesson "${lesson}" has no run "${run}".`);
        const { config } = await this.#training(definition, changes);
        return trainer.ask(async (remote) => remote.probeUntrainedModel(config));
      },
      stopRuns: async () => this.#runs.stop(),
      openRun: async ({ id }) => void (await vscode.commands.executeCommand('sequenceLab.openRun', id)),
      saveFile: savePageFile,
      report: ({ message }) => log.error(`Course view: ${message}`),
    };
  }

  readonly #logError = (error: unknown): void => {
    this.#options.log.error(error instanceof Error ? error : String(error));
  };
}
