import { testProgress } from '../../catalog/study/rangeTest.ts';
import * as vscode from 'vscode';
import { isClassifier } from '../classification/modelInUse.ts';
import { isLessonRun } from '../course/lessonViews.ts';
import { BUNDLED, nativeBackends } from '../../protocol/nativeBackends.ts';
import { countSteps } from '../../protocol/steps.ts';
import { Disposables } from '../disposables.ts';
import type { RunPanels } from '../panel/runPanels.ts';
import type { RunManager } from '../runs/runManager.ts';
import { formatLoss } from '../runs/formatLoss.ts';
import type { RunModel } from '../runs/runModel.ts';

interface Offer {
  readonly title: string;
  readonly command: string;
}

/** Notifies the user of the end of a run if its panel is not visible, or if the user must decide something. */
export class EndNotices extends Disposables {
  readonly #runs: RunManager;
  readonly #panels: RunPanels;

  constructor(runs: RunManager, panels: RunPanels) {
    super();
    this.#runs = runs;
    this.#panels = panels;
    this.register(runs.onDidEndRun((run) => void this.#notify(run)));
  }

  async #notify(run: RunModel): Promise<void> {
    // The page of the lesson shows how its runs end, and a sweep how its trials do. The next window says that this one was
    // closed.
    if (isLessonRun(run) || run.sweep || this.#runs.closing) return;
    const { title, message, units, applies } = run.view;
    const open = { title: vscode.l10n.t('Open'), command: 'sequenceLab.openRun' };
    if (applies.rangeTest && testProgress(run.state, run, applies.rangeTest.steps).hasEnded) {
      if (this.#panels.of(run)?.panel.visible === true) return;
      const text = vscode.l10n.t('The learning rate range test on "{0}" has ended.', run.view.name);
      return offer(vscode.window.showInformationMessage, text, [open], run);
    }
    switch (run.state) {
      case 'completed': {
        const use = isClassifier(run)
          ? [{ title: vscode.l10n.t('Use for Classify sentiment'), command: 'sequenceLab.useForClassifySentiment' }]
          : [];
        if (use.length === 0 && this.#panels.of(run)?.panel.visible === true) return;
        const loss = run.loss === null ? '?' : formatLoss(run.loss, units);
        const complete = vscode.l10n.t(
          'Training of "{0}" is complete: {1}, validation loss {2}.',
          title,
          countSteps(applies, run.step),
          loss,
        );
        const text = [complete, ...(message === null ? [] : [message])].join(' ');
        return offer(vscode.window.showInformationMessage, text, [...use, open], run);
      }
      case 'diverged': {
        const half = {
          title: vscode.l10n.t('Resume with half the learning rate'),
          command: 'sequenceLab.resumeWithHalfLearningRate',
        };
        const clip = { title: vscode.l10n.t('Resume with clipping'), command: 'sequenceLab.resumeWithClipping' };
        const text = vscode.l10n.t('Training of "{0}" diverged. {1}', title, message ?? '');
        // Before the first update, the initial weights are the cause: neither change helps.
        return offer(vscode.window.showWarningMessage, text, run.step > 0 ? [half, clip] : [open], run);
      }
      case 'failed':
      case 'interrupted': {
        const resume = { title: vscode.l10n.t('Resume'), command: 'sequenceLab.resumeRun' };
        const log = { title: vscode.l10n.t('Show log'), command: 'sequenceLab.showLog' };
        const text = vscode.l10n.t('Training of "{0}" ended unexpectedly. {1}', title, message ?? '');
        const elsewhere = {
          title: vscode.l10n.t('Resume on {0}', BUNDLED),
          command: 'sequenceLab.resumeOnBundledBackend',
        };
        const offers = nativeBackends.has(run.view.backend?.name ?? '') ? [resume, elsewhere, log] : [resume, log];
        return offer(vscode.window.showErrorMessage, text, offers, run);
      }
      case 'waiting':
      case 'starting':
      case 'running':
      case 'paused':
      case 'stopped':
      case 'imported':
        return undefined;
    }
  }
}

async function offer(
  show: (text: string, ...items: Offer[]) => Thenable<Offer | undefined>,
  text: string,
  offers: readonly Offer[],
  run: RunModel,
): Promise<void> {
  const chosen = await show(text, ...offers);
  if (chosen) await vscode.commands.executeCommand(chosen.command, run);
}
