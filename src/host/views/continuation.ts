import * as vscode from 'vscode';
import { isLessonRun } from '../course/lessonViews.ts';
import { Disposables } from '../disposables.ts';
import { TRAINING_KEY } from '../leftBehind.ts';
import { sortLeftRuns } from '../runs/leftRuns.ts';
import type { RunManager } from '../runs/runManager.ts';
import { continueAfterReload } from '../settings.ts';

/** Milliseconds between two looks at a run whose trainer in the closed window has not ended yet, and their number. */
const WAIT_MS = 1000;
const MAX_WAITS = 30;

export interface ContinuationOptions {
  /** Storage of the workspace, which survives the window. */
  readonly memento: vscode.Memento;
  readonly onError: (error: unknown) => void;
}

/**
 * Continues the runs that were training when the window closed or was reloaded, after a question or by itself. It
 * remembers the runs in training in the workspace instead of searching the run store, because other windows and the
 * command line have their own runs, and because a window that crashes cannot write anything.
 */
export class Continuation extends Disposables {
  readonly #runs: RunManager;
  readonly #options: ContinuationOptions;
  #remembered = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunManager, options: ContinuationOptions) {
    super();
    this.#runs = runs;
    this.#options = options;
    const left = options.memento.get<readonly string[]>(TRAINING_KEY, []);
    this.register({ dispose: () => clearTimeout(this.#timer) });
    this.register(runs.onDidChangeRun(() => this.#remember()));
    if (left.length === 0) return;
    void options.memento.update(TRAINING_KEY, undefined);
    this.#decide(left, MAX_WAITS).catch(options.onError);
  }

  /** Stores which runs are training. A paused run would wait for the user in the next window as well. */
  #remember(): void {
    if (this.#runs.closing) return;
    const training = this.#runs.live
      .filter(({ model, hasBegun }) => model.state === 'running' || (model.state === 'waiting' && hasBegun))
      .map(({ model }) => model)
      // A lesson and a sweep train their runs themselves.
      .filter((run) => !isLessonRun(run) && run.sweep === null)
      .map(({ id }) => id);
    const remembered = training.join(' ');
    if (remembered === this.#remembered) return;
    this.#remembered = remembered;
    void this.#options.memento.update(TRAINING_KEY, training);
  }

  async #decide(left: readonly string[], waits: number): Promise<void> {
    await this.#runs.refresh();
    if (this.isDisposed) return;
    const { resume, ask, wait } = sortLeftRuns(left, (id) => this.#runs.run(id)?.state, continueAfterReload());
    if (wait.length > 0 && waits > 0)
      this.#timer = setTimeout(() => {
        this.#decide(wait, waits - 1).catch(this.#options.onError);
      }, WAIT_MS);
    // Each of them resolves only when it is its turn, and is to be in the queue before.
    await Promise.all([...resume.map(async (id) => this.#continue(id)), ...ask.map(async (id) => this.#ask(id))]);
  }

  async #ask(id: string): Promise<void> {
    const run = this.#runs.run(id);
    if (!run) return;
    const goOn = vscode.l10n.t('Continue');
    const always = vscode.l10n.t('Always Continue');
    const question = vscode.l10n.t(
      'Continue training "{0}"? The window was closed at step {1}.',
      run.view.title,
      run.step,
    );
    const chosen = await vscode.window.showInformationMessage(question, goOn, always);
    if (chosen === undefined) return;
    if (chosen === always)
      await vscode.workspace
        .getConfiguration('sequenceLab')
        .update('continueAfterReload', 'always', vscode.ConfigurationTarget.Global);
    await this.#continue(id);
  }

  async #continue(id: string): Promise<void> {
    await vscode.commands.executeCommand('sequenceLab.resumeRun', this.#runs.run(id));
  }
}
