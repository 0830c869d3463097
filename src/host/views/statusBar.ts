import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { RunManager } from '../runs/runManager.ts';
import { modelKind } from '../../config/modelKind.ts';
import { nameStep } from '../../protocol/steps.ts';
import { verdictLabels } from '../../protocol/verdictLabels.ts';
import { formatLoss } from '../runs/formatLoss.ts';
import type { RunModel } from '../runs/runModel.ts';
import { stateName } from '../../protocol/stateName.ts';
import { countStates, describeCounts } from '../runs/countStates.ts';
import { describeWaits } from '../../protocol/waits.ts';
import { say } from '../../phrases/phrase.ts';

const REDRAW_MS = 500;

/** Runs that the tooltip describes. */
const MOST_DETAILS = 20;

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
    const counts = countStates(live.map(({ state }) => state));
    const icon = counts.train === 0 ? 'debug-pause' : 'pulse';
    this.#item.text = `$(${icon}) ${live.length === 1 ? progress(run) : describeCounts(counts)}`;
    const others = live.length - MOST_DETAILS;
    this.#item.tooltip = [
      ...live.slice(0, MOST_DETAILS).map(details),
      ...(others > 0 ? [vscode.l10n.t('and {0} more', others)] : []),
    ].join('\n');
    this.#item.show();
  }
}

/** Progress of a run, such as "LSTM 1x100 · paused · 207/1200 · 2.64 nats per character". */
function progress(run: RunModel): string {
  const { steps, units, state, applies, waits } = run.view;
  const { step, loss, finding } = run;
  return [
    modelKind(run.config, run.states),
    ...(state === 'paused' ? [stateName(state)] : []),
    ...(waits ? [describeWaits(waits)] : []),
    applies.training === 'steps' ? `${step}/${steps}` : nameStep(applies, step),
    ...(loss === null ? [] : [formatLoss(loss, units)]),
    ...(finding ? [say(verdictLabels[finding.verdict])] : []),
  ]
    .filter(Boolean)
    .join(' · ');
}

function details(run: RunModel): string {
  const { title, state, backend } = run.view;
  const { finding } = run;
  const verdict = finding ? ` (${say(verdictLabels[finding.verdict])}: ${say(finding.sentence)})` : '';
  return (
    [
      `${title}: ${stateName(state)}, ${progress(run)}`,
      ...(backend ? [`${backend.name}, ${say(backend.device)}`] : []),
    ].join(', ') + verdict
  );
}
