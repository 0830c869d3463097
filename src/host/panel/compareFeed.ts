import { runColor } from '../../catalog/color.ts';
import { itemsPerStep } from '../../config/itemsPerStep.ts';
import {
  comparedMetrics,
  type ComparableRun,
  type ComparedRun,
  type comparisonHostContract,
  type ProbedRun,
  type RankedGroup,
} from '../../protocol/comparison.ts';
import type { MeasuredMetric } from '../../protocol/metrics.ts';
import type { Functions } from '../../protocol/rpc.ts';
import { probedRun } from '../comparison/probedRun.ts';
import { rank } from '../../runs/ranking.ts';
import type { Disposable } from '../disposables.ts';
import type { RunModel } from '../runs/runModel.ts';
import { labelsOf } from '../runs/labels.ts';
import { timedCurve } from '../../runs/series/timedCurve.ts';
import type { TabFeed } from './tabFeed.ts';

/** Milliseconds between two updates: each sends the complete curves of several runs. */
export const REFRESH_MS = 500;

/** Source of the runs that can be compared. */
export interface RunSource {
  readonly runs: readonly RunModel[];
  run(id: string): RunModel | undefined;
  refresh(): Promise<void>;
  loadMetrics(id: string): Promise<void>;
  onDidChangeRun(listener: () => void): Disposable;
  onDidChangeList(listener: () => void): Disposable;
}

/** What a page compares. */
export interface CompareOptions {
  /** False to list only the chosen runs, for a page that does not offer the others. */
  readonly listsAll: boolean;
  /** Metrics whose curves are sent. */
  readonly metrics: readonly MeasuredMetric[];
}

export interface ComparePage {
  comparable(list: { runs: ComparableRun[]; chosen: string[]; ranking: RankedGroup[] }): void;
  compared(run: ComparedRun): void;
  comparedProbes(runs: ProbedRun[]): void;
}

/**
 * Feeds the tab "Compare" with the runs that the user has chosen, at first those of the comparison that the shown run
 * belongs to, or the shown run and the one it was started from.
 */
export class CompareFeed implements TabFeed {
  readonly #source: RunSource;
  readonly #page: ComparePage;
  readonly #onError: (error: unknown) => void;
  readonly #options: CompareOptions;
  #run: RunModel | undefined;
  #chosen: readonly string[] | null = null;
  #probeStep: number | null = null;
  #listeners: Disposable[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Key of the last state that was sent of each run. */
  readonly #sent = new Map<string, string>();
  #list = '';
  /** Key of the probes that were sent. */
  #probes = '';

  constructor(
    source: RunSource,
    page: ComparePage,
    onError: (error: unknown) => void,
    options: CompareOptions = { listsAll: true, metrics: comparedMetrics },
  ) {
    this.#source = source;
    this.#page = page;
    this.#onError = onError;
    this.#options = options;
  }

  restart(run: RunModel | undefined): void {
    this.pause();
    if (run?.id !== this.#run?.id) this.#chosen = null;
    this.#run = run;
  }

  send(): void {
    if (this.#listeners.length > 0) return;
    this.#sent.clear();
    this.#list = '';
    this.#probes = '';
    const changed = () => this.#soon();
    this.#listeners = [this.#source.onDidChangeRun(changed), this.#source.onDidChangeList(changed)];
    this.#source.refresh().catch(this.#onError);
    this.#now();
  }

  pause(): void {
    for (const each of this.#listeners.splice(0)) each.dispose();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  functions(): Functions<typeof comparisonHostContract> {
    return {
      compare: (ids) => {
        this.#chosen = ids;
        if (this.#listeners.length > 0) this.#now();
      },
      compareProbesAt: (step) => {
        this.#probeStep = step;
        if (this.#listeners.length > 0) this.#sendProbes(this.#chosenRuns());
      },
    };
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#now(), REFRESH_MS);
  }

  #now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const chosen = this.#chosenRuns();
    const labels = labelsOf(chosen);
    const list = {
      runs: (this.#options.listsAll ? this.#source.runs : chosen).map((run) =>
        comparable(run, labels.get(run.id)?.text ?? run.view.title),
      ),
      chosen: chosen.map(({ id }) => id),
      ranking: rank(chosen),
    };
    const key = JSON.stringify(list);
    if (key !== this.#list) this.#page.comparable(list);
    this.#list = key;
    for (const run of chosen) {
      // The curves of a stored run are read once. Reading them changes the run, which calls this method again.
      this.#source.loadMetrics(run.id).catch(this.#onError);
      const state = stateOf(run, this.#options.metrics);
      if (this.#sent.get(run.id) !== state) this.#page.compared(compared(run, this.#options.metrics));
      this.#sent.set(run.id, state);
    }
    this.#sendProbes(chosen);
  }

  #sendProbes(chosen: readonly RunModel[]): void {
    const probed = chosen.map((run) => probedRun(run, this.#probeStep));
    const key = JSON.stringify(probed.map(({ id, steps, flow }) => [id, steps, flow?.step]));
    if (key !== this.#probes) this.#page.comparedProbes(probed);
    this.#probes = key;
  }

  #chosenRuns(): RunModel[] {
    if (this.#chosen) return this.#chosen.flatMap((id) => this.#source.run(id) ?? []);
    const own = this.#run;
    if (!own) return [];
    if (own.comparison === null) return [...this.#parentOf(own), own];
    return this.#source.runs.filter(({ comparison }) => comparison === own.comparison).toReversed();
  }

  /** The run that a run was started from, unless it was deleted. */
  #parentOf({ parent }: RunModel): RunModel[] {
    return (parent && this.#source.runs.filter(({ id }) => id === parent.run)) ?? [];
  }
}

function comparable({ id, createdAt, view, step, loss, annotations }: RunModel, label: string): ComparableRun {
  const { name, summary, state } = view;
  const color = runColor(id, annotations.color);
  return { id, label: annotations.name ?? label, name, summary, createdAt, color, state, step, loss };
}

/** Key that differs whenever the drawn curves differ. */
function stateOf({ revision, curves }: RunModel, metrics: CompareOptions['metrics']): string {
  return [revision, ...metrics.map(({ key }) => curves.series[key].length)].join();
}

function compared({ id, config, view, curves }: RunModel, metrics: CompareOptions['metrics']): ComparedRun {
  const drawn: ComparedRun['curves'] = {};
  for (const { key } of metrics) drawn[key] = timedCurve(curves.series[key], curves.seconds);
  // The batch of a run that is starting is not known yet.
  return { id, itemsPerStep: itemsPerStep(config, view.batchSize), curves: drawn };
}
