import {
  comparedMetrics,
  type ComparableRun,
  type ComparedRun,
  type comparisonHostContract,
  type TimedCurve,
} from '../../protocol/comparison.ts';
import type { Functions } from '../../protocol/rpc.ts';
import type { Disposable } from '../disposables.ts';
import type { RunModel } from '../runs/runModel.ts';
import { decimate } from '../series/decimate.ts';
import type { ReadonlySeries, Series } from '../series/series.ts';
import type { TabFeed } from './tabFeed.ts';

/** Several runs are sent whole at each change: twice a second is often enough. */
export const REFRESH_MS = 500;

/** The runs that can be compared, wherever they come from. */
export interface RunSource {
  readonly runs: readonly RunModel[];
  run(id: string): RunModel | undefined;
  refresh(): Promise<void>;
  loadMetrics(id: string): Promise<void>;
  onDidChangeRun(listener: () => void): Disposable;
  onDidChangeList(listener: () => void): Disposable;
}

export interface ComparePage {
  comparable(list: { runs: ComparableRun[]; chosen: string[] }): void;
  compared(run: ComparedRun): void;
}

/**
 * Feeds the tab "Compare": the runs that the user has chosen, at first those of the comparison that the run shown is a
 * part of.
 */
export class CompareFeed implements TabFeed {
  readonly #source: RunSource;
  readonly #page: ComparePage;
  readonly #onError: (error: unknown) => void;
  #run: RunModel | undefined;
  #chosen: readonly string[] | null = null;
  #heard: Disposable[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** What was sent of each run, in short. */
  readonly #sent = new Map<string, string>();
  #list = '';

  constructor(source: RunSource, page: ComparePage, onError: (error: unknown) => void) {
    this.#source = source;
    this.#page = page;
    this.#onError = onError;
  }

  restart(run: RunModel | undefined): void {
    this.pause();
    if (run?.id !== this.#run?.id) this.#chosen = null;
    this.#run = run;
  }

  send(): void {
    if (this.#heard.length > 0) return;
    this.#sent.clear();
    this.#list = '';
    const changed = () => this.#soon();
    this.#heard = [this.#source.onDidChangeRun(changed), this.#source.onDidChangeList(changed)];
    this.#source.refresh().catch(this.#onError);
    this.#now();
  }

  pause(): void {
    for (const each of this.#heard.splice(0)) each.dispose();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  functions(): Functions<typeof comparisonHostContract> {
    return {
      compare: (ids) => {
        this.#chosen = ids;
        if (this.#heard.length > 0) this.#now();
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
    const list = { runs: this.#source.runs.map(comparable), chosen: chosen.map(({ id }) => id) };
    const words = JSON.stringify(list);
    if (words !== this.#list) this.#page.comparable(list);
    this.#list = words;
    for (const run of chosen) {
      // Curves of a stored run are read once; reading them changes the run, which brings us here again.
      this.#source.loadMetrics(run.id).catch(this.#onError);
      const state = stateOf(run);
      if (this.#sent.get(run.id) !== state) this.#page.compared(compared(run));
      this.#sent.set(run.id, state);
    }
  }

  #chosenRuns(): RunModel[] {
    if (this.#chosen) return this.#chosen.flatMap((id) => this.#source.run(id) ?? []);
    const own = this.#run;
    if (!own) return [];
    if (own.comparison === null) return [own];
    return this.#source.runs.filter(({ comparison }) => comparison === own.comparison).toReversed();
  }
}

function comparable({ id, createdAt, view, step, loss }: RunModel): ComparableRun {
  const { name, summary, state } = view;
  return { id, name, summary, createdAt, state, step, loss };
}

/** Differs whenever there is something else to draw. */
function stateOf({ revision, curves, probes }: RunModel): string {
  return [revision, ...comparedMetrics.map(({ key }) => curves.series[key].length), probes.latest?.step].join();
}

function compared({ id, curves, probes }: RunModel): ComparedRun {
  const { latest } = probes;
  const lead = latest?.layers.findLast(({ direction }) => direction === 'forward') ?? latest?.layers.at(-1);
  const drawn: ComparedRun['curves'] = {};
  for (const { key } of comparedMetrics) drawn[key] = timed(curves.series[key], curves.seconds);
  return {
    id,
    curves: drawn,
    lastStep: latest && lead ? { step: latest.step, curve: lead.lastStep.h } : null,
  };
}

function timed(series: Series, seconds: ReadonlySeries): TimedCurve {
  const points = decimate(series);
  return { points, seconds: points.flatMap((x, i) => (i % 2 === 0 ? [secondsAt(seconds, x ?? 0)] : [])) };
}

/** Seconds of training at a step: those of the last step not after it, 0 before the first. */
export function secondsAt({ x, y, length }: ReadonlySeries, step: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (y[low - 1] ?? 0);
}
