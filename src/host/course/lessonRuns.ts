import { type LessonId, type LessonRun, lessons } from '../../protocol/lessons/lessons.ts';
import type { LessonRunList, LessonTraining } from '../../protocol/lessons/runs.ts';
import { type Disposable, Disposables } from '../disposables.ts';
import { Throttle } from '../panel/throttle.ts';
import type { RunSource } from '../panel/compareFeed.ts';
import type { NewTraining } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { endedRuns, isLessonRun, lastTrainings, outcomeOf, trainingName, viewOf } from './lessonViews.ts';

/** Milliseconds between two updates: each sends the complete curves of all runs. */
export const REFRESH_MS = 500;

/** Functions of the run manager that the lessons use. */
export interface TrainableRuns extends RunSource {
  readonly live: readonly { readonly model: RunModel; stop(): Promise<void> }[];
  liveRun(id: string): { readonly over: Promise<void> } | undefined;
  start(
    training: NewTraining,
    turn: { readonly next: boolean },
  ): { readonly run: RunModel; readonly ready: Promise<void> };
}

export interface LessonRunsOptions {
  readonly runs: TrainableRuns;
  /**
   * Returns configuration and data of a run.
   * @param changes fields to change for this training, by their dotted paths
   */
  readonly training: (
    run: LessonRun,
    changes: Readonly<Record<string, unknown>>,
  ) => Promise<Omit<NewTraining, 'name' | 'comparison' | 'lessonRun'>>;
  /** Receives the runs of the followed lesson when they have changed. */
  readonly send: (list: LessonRunList) => void;
  readonly onError: (error: unknown) => void;
}

/** Trains the runs of the lessons, one after the other, and sends those of the followed lesson. */
export class LessonRuns extends Disposables {
  readonly #options: LessonRunsOptions;
  readonly #updates = new Throttle(REFRESH_MS, () => this.#send());
  #followed: LessonId | null = null;
  /** As `probeStep` of the protocol. */
  #probeStep: number | null = null;
  #listeners: readonly Disposable[] = [];
  /** Time of the last training in its name, in milliseconds. */
  #began = 0;
  /** Identifies the training in progress; undefined without one. */
  #training: object | undefined;

  constructor(options: LessonRunsOptions) {
    super();
    this.#options = options;
    this.register({ dispose: () => this.follow(null) });
  }

  /** Sends the runs of a lesson now and whenever they change; null sends none. */
  follow(lesson: LessonId | null): void {
    if (lesson !== this.#followed) this.#probeStep = null;
    this.#followed = lesson;
    this.#updates.cancel();
    for (const each of this.#listeners) each.dispose();
    this.#listeners = [];
    if (lesson === null) return;
    const { runs, onError } = this.#options;
    const changed = () => this.#updates.request();
    this.#listeners = [runs.onDidChangeRun(changed), runs.onDidChangeList(changed)];
    runs.refresh().catch(onError);
    this.#updates.call();
  }

  /** Shows the probes of another step in all runs. @param step as `probeStep` of the protocol */
  showProbesAt(step: number | null): void {
    this.#probeStep = step;
    this.#updates.call();
  }

  /**
   * Trains runs of a lesson with each seed. A second call ends the training of the first one.
   * @returns ids of the runs that have begun, after they have ended
   * @throws ConfigError that names a field that cannot be changed so
   */
  async train({
    lesson,
    runs: keys,
    changes,
    seeds,
  }: Omit<LessonTraining, 'changes'> & Partial<LessonTraining>): Promise<string[]> {
    await this.stop();
    const training = {};
    this.#training = training;
    const definitions = (lessons[lesson].runs ?? []).filter(({ key }) => keys?.includes(key) ?? true);
    // The name tells trainings apart, of which two may begin in one millisecond.
    this.#began = Math.max(Date.now(), this.#began + 1);
    const comparison = trainingName(lesson, new Date(this.#began), keys);
    const begun: string[] = [];
    try {
      for (const seed of seeds ?? [undefined]) {
        for (const definition of definitions) {
          const wanted = { ...changes, ...(seed !== undefined && { seed }) };
          const prepared = await this.#options.training(definition, wanted);
          // Another training has begun, or this one was stopped.
          if (this.#training !== training) return begun;
          begun.push(
            await this.#trainOne({ ...prepared, name: definition.label(), comparison, lessonRun: definition.key }),
          );
        }
      }
      return begun;
    } finally {
      if (this.#training === training) this.#training = undefined;
    }
  }

  /** Ends the training of a lesson; its current run ends with a checkpoint. */
  async stop(): Promise<void> {
    const inTraining = this.#training !== undefined;
    this.#training = undefined;
    if (!inTraining) return;
    const { live } = this.#options.runs;
    await Promise.all(live.filter(({ model }) => isLessonRun(model)).map((each) => each.stop()));
  }

  async #trainOne(training: NewTraining): Promise<string> {
    const { runs } = this.#options;
    // The lesson is open, and its runs are short.
    const { run, ready } = runs.start(training, { next: true });
    await ready;
    await runs.liveRun(run.id)?.over;
    return run.id;
  }

  #send(): void {
    const lesson = this.#followed;
    if (lesson === null) return;
    const { runs, send, onError } = this.#options;
    const shown = lastTrainings(lesson, runs.runs);
    const ended = endedRuns(lesson, runs.runs);
    // The curves of a stored run are read once. Reading them changes the run, which calls this method again.
    for (const { run } of [...shown, ...ended]) runs.loadMetrics(run.id).catch(onError);
    send({ lesson, runs: shown.map((each) => viewOf(each, this.#probeStep)), outcomes: ended.map(outcomeOf) });
  }
}
