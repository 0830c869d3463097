import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { RunManager } from '../runs/runManager.ts';
import { verdictLabels } from '../../protocol/verdictLabels.ts';
import { shortLoss } from '../runs/formatLoss.ts';
import type { RunModel } from '../runs/runModel.ts';
import { cellName } from '../runs/summary.ts';

const REDRAW_MS = 500;

/** Status bar item while a run trains; a click opens the panel. */
export class StatusBar extends Disposables {
  readonly #runs: RunManager;
  readonly #item = this.register(
    vscode.window.createStatusBarItem('sequenceLab.status', vscode.StatusBarAlignment.Left),
  );
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunManager) {
    super();
    this.#runs = runs;
    this.#item.name = 'Sequence Lab';
    this.#item.command = 'sequenceLab.showPanel';
    this.register(runs.onDidChangeRun(() => this.#redrawSoon()));
    this.register(runs.onDidChangeList(() => this.#redrawSoon()));
    this.register({ dispose: () => clearTimeout(this.#timer) });
  }

  #redrawSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#redraw();
    }, REDRAW_MS);
  }

  #redraw(): void {
    const live = this.#runs.live.map(({ model }) => model);
    const [run] = live;
    if (!run) {
      this.#item.hide();
      return;
    }
    const icon = live.every(({ state }) => state === 'paused') ? 'debug-pause' : 'pulse';
    this.#item.text = `$(${icon}) ${live.length === 1 ? progress(run) : vscode.l10n.t('{0} runs', live.length)}`;
    this.#item.tooltip = live.map(details).join('\n');
    this.#item.show();
  }
}

function progress(run: RunModel): string {
  const { steps, units } = run.view;
  const { step, loss, finding } = run;
  return [
    `${cellName(run.config.model)} ${step}/${steps}`,
    ...(loss === null ? [] : [shortLoss(loss, units)]),
    ...(finding ? [verdictLabels[finding.verdict]] : []),
  ].join(' · ');
}

function details(run: RunModel): string {
  const { name, state, backend } = run.view;
  const { finding } = run;
  const verdict = finding ? ` (${verdictLabels[finding.verdict]}: ${finding.sentence})` : '';
  return (
    [`${name}: ${state}, ${progress(run)}`, ...(backend ? [`${backend.name}, ${backend.device}`] : [])].join(', ') +
    verdict
  );
}
