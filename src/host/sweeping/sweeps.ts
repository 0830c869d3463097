import * as vscode from 'vscode';
import { formatLoss } from '../../format/loss.ts';
import { disk } from '../../platform/files.ts';
import { bestSettings } from '../../sweeps/analysis/bestSettings.ts';
import { describeValues } from '../../sweeps/space/dimension.ts';
import { requeueFailed, runSweep, type SweepEnd } from '../../sweeps/runSweep.ts';
import { createSweep, type NewSweep, openSweep, type OpenSweep } from '../../sweeps/sweepStore.ts';
import { Disposables } from '../disposables.ts';
import { Throttle } from '../panel/throttle.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { TrainerSettings } from '../settings.ts';
import { QueuedTrials } from './queuedTrials.ts';

export interface SweepsOptions {
  readonly runs: RunManager;
  readonly settings: () => TrainerSettings;
  readonly onError: (error: unknown) => void;
  /** Shows the runs of a sweep. */
  readonly showTrials: (sweep: string) => void;
  readonly openRun: (run: string) => void;
}

/** Least time between two descriptions of what sweeps have found so far, in milliseconds. */
const DESCRIBE_MS = 1000;

/** A sweep that this window runs. */
interface Running {
  readonly open: OpenSweep;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

/** Sweeps that train in this window. Each trial is a run in the queue; a status bar item counts them. */
export class Sweeps extends Disposables {
  readonly #options: SweepsOptions;
  readonly #running = new Map<string, Running>();
  /** What the sweeps have found so far takes a look at all of their trials. */
  readonly #describe = this.register(
    new Throttle(DESCRIBE_MS, () => {
      this.#item.tooltip = [...this.#running.values()].map(({ open }) => describeBest(open)).join('\n');
    }),
  );
  readonly #item = this.register(
    vscode.window.createStatusBarItem('sequenceLab.sweep', vscode.StatusBarAlignment.Left),
  );

  constructor(options: SweepsOptions) {
    super();
    this.#options = options;
    this.#item.name = vscode.l10n.t('Sweep of Sequence Lab');
    this.#item.command = 'sequenceLab.showTrials';
  }

  /** Ids of the sweeps that run, oldest first. */
  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  /**
   * Starts a sweep.
   * @param workers most trials that train at the same time; the queue may allow fewer
   * @returns its id, when its plan is on disk
   */
  async start(sweep: NewSweep, workers?: number): Promise<string> {
    const { home } = this.#options.settings().backends;
    return this.#run(await createSweep(home, sweep, new Date(), disk), workers);
  }

  /** Goes on with a sweep that was stopped or interrupted; trials that failed are tried again. @returns its id */
  async resume(folder: string): Promise<string> {
    const open = await openSweep(folder, disk);
    try {
      await requeueFailed(open);
    } catch (error) {
      await open.close();
      throw error;
    }
    return this.#run(open);
  }

  /** Stops a sweep; its trials in training end with checkpoints. Resolves when it has ended. */
  async stop(sweep: string): Promise<void> {
    const running = this.#running.get(sweep);
    running?.stopping.abort();
    await running?.ended;
  }

  /** Stops all sweeps, as the window closes. */
  stopAll(): void {
    for (const { stopping } of this.#running.values()) stopping.abort();
  }

  override dispose(): void {
    this.stopAll();
    super.dispose();
  }

  #run(open: OpenSweep, workers?: number): string {
    const { runs, settings, onError } = this.#options;
    const { id } = open.plan.state.header;
    const stopping = new AbortController();
    const ended = runSweep({
      open,
      trainer: new QueuedTrials({ runs, settings }),
      workers: workers ?? runs.turns.slots,
      runs: runs.folder,
      files: disk,
      signal: stopping.signal,
      onEvent: () => this.#redraw(),
    })
      .then((end) => this.#ended(open, end), onError)
      .finally(async () => {
        this.#running.delete(id);
        this.#redraw();
        await open.close();
      })
      .catch(onError);
    this.#running.set(id, { open, stopping, ended });
    this.#redraw();
    return id;
  }

  #redraw(): void {
    const running = [...this.#running.values()].map(({ open }) => open);
    if (running.length === 0) return this.#item.hide();
    const states = running.map(({ plan }) => plan.state);
    const ended = states.reduce((sum, state) => sum + state.ended, 0);
    const trials = states.reduce((sum, state) => sum + state.trials.length, 0);
    this.#item.text = `$(beaker) ${vscode.l10n.t('{0} of {1} trials', ended, trials)}`;
    this.#describe.request();
    this.#item.show();
  }

  #ended(open: OpenSweep, end: SweepEnd): void {
    if (end === 'stopped') return;
    const { showTrials, openRun, onError } = this.#options;
    const { id } = open.plan.state.header;
    const [best] = bestSettings(open.sweep, open.plan.state);
    const [run] = best?.runs ?? [];
    const openBest = { title: vscode.l10n.t('Open Best Run'), act: () => run !== undefined && openRun(run) };
    const show = { title: vscode.l10n.t('Show Trials'), act: () => showTrials(id) };
    const actions = run === undefined ? [show] : [openBest, show];
    vscode.window.showInformationMessage(describeBest(open), ...actions).then((chosen) => chosen?.act(), onError);
  }
}

/** Progress of a sweep with its best setting so far. */
function describeBest({ sweep, plan }: OpenSweep): string {
  const { trials, ended, failed, header } = plan.state;
  const counted = vscode.l10n.t('Sweep {0}: {1} of {2} trials have ended.', header.id, ended, trials.length);
  const progress =
    failed === 0
      ? counted
      : `${counted} ${vscode.l10n.t('{0} of them failed; "Continue sweep..." tries them again.', failed)}`;
  const [best] = bestSettings(sweep, plan.state);
  if (!best) return progress;
  const spread = best.deviation === null ? '' : ` ± ${formatLoss(best.deviation)}`;
  return `${progress} ${vscode.l10n.t('The best: {0} ({1}).', describeValues(best.values).join(' · '), formatLoss(best.mean) + spread)}`;
}
