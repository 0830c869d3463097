import * as vscode from 'vscode';
import {
  courseHostContract,
  courseViewContract,
  type Lesson,
  type LessonSteps,
  type RemoteCourseView,
} from '../../protocol/course.ts';
import { connect } from '../../protocol/rpc.ts';
import { Disposables } from '../disposables.ts';
import { pageHtml, webviewOptions } from '../panel/pageHtml.ts';
import { savePageFile } from '../panel/saveFile.ts';
import { webviewPort } from '../panel/webviewPort.ts';

const PANEL_TYPE = 'sequenceLab.course';

export interface CoursePanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Computes the steps of a lesson. */
  readonly work: (lesson: Lesson) => Promise<LessonSteps>;
}

/** The panel "Course"; at most one exists. */
export class CoursePanels extends Disposables {
  readonly #options: CoursePanelsOptions;
  #open: { readonly panel: vscode.WebviewPanel; readonly page: RemoteCourseView } | undefined;
  /** Lesson to show when the page is ready. */
  #wanted: Lesson | undefined;

  constructor(options: CoursePanelsOptions) {
    super();
    this.#options = options;
  }

  /** Opens a lesson in the existing panel, or in a new one next to the editor. */
  show(lesson: Lesson): void {
    if (this.#open) {
      this.#open.panel.reveal(undefined, true);
      this.#open.page.open(lesson).catch((error: unknown) => this.#options.log.error(error as Error));
      return;
    }
    this.#wanted = lesson;
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.restore(
      vscode.window.createWebviewPanel(
        PANEL_TYPE,
        vscode.l10n.t('Course'),
        place,
        webviewOptions(this.#options.extensionUri),
      ),
    );
  }

  /**
   * Connects a panel, which is new or was restored by VS Code after a reload of the window; a restored page keeps its
   * lesson.
   */
  restore(panel: vscode.WebviewPanel): void {
    const { extensionUri, log, work } = this.#options;
    panel.webview.options = webviewOptions(extensionUri);
    const connection = connect({
      port: webviewPort(panel.webview),
      serves: courseHostContract,
      functions: {
        ready: async () => {
          const wanted = this.#wanted;
          this.#wanted = undefined;
          if (wanted) await connection.remote.open(wanted);
        },
        work,
        saveFile: savePageFile,
        report: ({ message }) => log.error(`Course view: ${message}`),
      },
      calls: courseViewContract,
      onError: (error) => log.error(error),
    });
    this.#open = { panel, page: connection.remote };
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg'),
    };
    panel.onDidDispose(() => {
      connection.close(new Error('The view was closed.'));
      if (this.#open?.panel === panel) this.#open = undefined;
    });
    panel.webview.html = pageHtml(panel.webview, extensionUri, 'course');
  }
}
