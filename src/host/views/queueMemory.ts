import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { WAITING_KEY } from '../leftBehind.ts';
import { StartCancelled } from '../runs/liveRun.ts';
import { isStorable, type QueuedRequest, readRequests } from '../runs/queuedRequest.ts';
import type { RunManager } from '../runs/runManager.ts';
import { continueAfterReload } from '../settings.ts';
import { withinTrust } from '../trust.ts';

export interface QueueMemoryOptions {
  /** Storage of the workspace, which survives the window. */
  readonly memento: vscode.Memento;
  /** Reports that a run could not be started, to the user. */
  readonly onError: (error: unknown) => void;
}

/**
 * Puts the runs that waited for their turn when the window closed back into the queue, after a question or by itself.
 * Their requests are stored in the workspace, because a run that has not begun has no folder. The order is kept, and not
 * whose end a run waited for.
 */
export class QueueMemory extends Disposables {
  readonly #runs: RunManager;
  readonly #options: QueueMemoryOptions;
  #remembered = '';

  constructor(runs: RunManager, options: QueueMemoryOptions) {
    super();
    this.#runs = runs;
    this.#options = options;
    const left = readRequests(options.memento.get(WAITING_KEY));
    this.register(runs.onDidChangeRun(() => this.#remember()));
    this.register(runs.onDidChangeList(() => this.#remember()));
    if (left.length === 0) return;
    void options.memento.update(WAITING_KEY, undefined);
    this.#decide(left).catch(options.onError);
  }

  #remember(): void {
    if (this.#runs.closing) return;
    const remembered = this.#runs.turns.waiting.map(({ id }) => id).join(' ');
    if (remembered === this.#remembered) return;
    this.#remembered = remembered;
    const requests = this.#runs.queuedRequests.filter(isStorable);
    void this.#options.memento.update(WAITING_KEY, requests.length === 0 ? undefined : requests);
  }

  async #decide(left: readonly QueuedRequest[]): Promise<void> {
    const choice = continueAfterReload();
    if (choice === 'never') return;
    if (choice === 'ask') {
      const yes = vscode.l10n.t('Queue Again');
      const question =
        left.length === 1
          ? vscode.l10n.t('A run waited for its turn when the window was closed. Put it into the queue again?')
          : vscode.l10n.t(
              '{0} runs waited for their turn when the window was closed. Put them into the queue again?',
              left.length,
            );
      if ((await vscode.window.showInformationMessage(question, yes)) !== yes) return;
    }
    await this.#runs.refresh();
    if (!this.isDisposed) for (const each of left) this.#start(each).catch(this.#report);
  }

  /** Resolves when the run has begun. */
  async #start(request: QueuedRequest): Promise<void> {
    if (request.kind === 'start') {
      const { config, notices } = withinTrust(request.training.config);
      const before = request.training.notices ?? [];
      return this.#runs.start({ ...request.training, config, notices: [...before, ...notices] }).ready;
    }
    const run = this.#runs.run(request.run);
    // It was deleted meanwhile.
    if (!run) return;
    if (request.kind === 'repeat') return this.#runs.repeat(run).ready;
    return this.#runs.resume(run.id, request.changes);
  }

  readonly #report = (error: unknown): void => {
    if (!(error instanceof StartCancelled)) this.#options.onError(error);
  };
}
