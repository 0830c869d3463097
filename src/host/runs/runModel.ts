import { basename } from 'node:path';
import { taggerStates } from '../../config/modelKind.ts';
import type { RunLabel } from '../../config/runLabel.ts';
import type { RunParent, SweepTrial } from '../../config/runParent.ts';
import type { RunConfig } from '../../config/schema.ts';
import { type AnnotatedRun, NO_ANNOTATIONS } from '../../protocol/annotations.ts';
import type { MetricEvent, RunEvent, ScoredStep } from '../../protocol/events.ts';
import type { Probe } from '../../protocol/probes.ts';
import { describeRepetition } from '../../protocol/replay.ts';
import type { Report } from '../../protocol/report.ts';
import type { Sampling } from '../../protocol/trainer.ts';
import type { LatestValues, RunProgress, RunState, RunView, SampleView } from '../../protocol/panel.ts';
import { storedMessage, storedState } from '../../protocol/storedState.ts';
import { averagedSteps } from '../../protocol/trainingLoss.ts';
import type { Finding, Learning } from '../../protocol/verdicts.ts';
import type { Waits } from '../../protocol/waits.ts';
import type { ListedRun } from '../../runs/runStore.ts';
import { newRunView, recordedNotices, shownFacts } from '../../runs/runView.ts';
import { summarize } from '../../runs/summary.ts';
import { loggedView } from '../../runs/logged/loggedView.ts';
import { ProbeHistory } from './probeHistory.ts';
import { Curves } from '../../runs/series/curves.ts';
import { secondsLeft } from './timeLeft.ts';
import { say, type Text } from '../../phrases/phrase.ts';

/** Facts about a run before its trainer has sent anything. */
export interface NewRun {
  readonly folder: string;
  readonly name: string;
  readonly config: RunConfig;
  /** File with the training data; null for the text of an editor and for generated data. */
  readonly sourcePath: string | null;
  readonly createdAt: string;
  readonly notices: readonly string[];
  /** Names the comparison that the run is a part of. */
  readonly comparison?: string | null;
  /** Key of the run in the lesson that trains it. */
  readonly lessonRun?: string | null;
  /** The run that it was started from. */
  readonly parent?: RunParent | null;
  /** The sweep that it is a trial of. */
  readonly sweep?: SweepTrial | null;
}

/** State of one run in the extension, training or stored on disk. The host owns it and sends parts to the views. */
export class RunModel {
  /** Id of the run: the name of its folder. */
  readonly id: string;
  readonly folder: string;
  readonly config: RunConfig;
  readonly sourcePath: string | null;
  readonly createdAt: string;
  /** Null for a run outside of comparisons. */
  readonly comparison: string | null;
  /** Null for a run that no lesson trained. */
  readonly lessonRun: string | null;
  /** Null for a run that was not started from another one. */
  readonly parent: RunParent | null;
  /** Null for a run that is no trial of a sweep. */
  readonly sweep: SweepTrial | null;
  /** Undefined until they are needed: most runs of a long list are never opened. */
  #curves: Curves | undefined;
  #probes: ProbeHistory | undefined;
  #samples: SampleView[] = [];
  #report: Report | null = null;
  #learning: Learning | null = null;
  #kept: ScoredStep | null = null;
  #annotations = NO_ANNOTATIONS;
  /** The label among all runs; null before they are labeled. */
  #label: RunLabel | null = null;
  /** The notice about the run that this one repeats. */
  #repetition: string | undefined;
  #revision = 0;
  /** Losses of the record, until the metrics are read. */
  #recorded: LatestValues = {};
  #recordedBest: ScoredStep | null = null;
  #view: RunView;
  #progress: Pick<RunProgress, 'step' | 'seconds' | 'deviceBytes'> = { step: 0, seconds: 0, deviceBytes: null };

  constructor({
    folder,
    name,
    config,
    sourcePath,
    createdAt,
    notices,
    comparison = null,
    lessonRun = null,
    parent = null,
    sweep = null,
  }: NewRun) {
    this.id = basename(folder);
    this.folder = folder;
    this.config = config;
    this.sourcePath = sourcePath;
    this.createdAt = createdAt;
    this.comparison = comparison;
    this.lessonRun = lessonRun;
    this.parent = parent;
    this.sweep = sweep;
    this.#view = newRunView({ id: this.id, name, config, createdAt, notices, parent });
  }

  /** A run found on disk. Its curves are empty until `replaceMetrics`. */
  static stored(listed: ListedRun): RunModel {
    const { folder, record } = listed;
    const { name, config, createdAt, notices, comparison, lessonRun, parent, sweep } = record;
    const model = new RunModel({
      folder,
      name,
      config,
      createdAt,
      notices: notices.map(say),
      comparison,
      lessonRun,
      parent,
      sweep,
      sourcePath: record.source?.path ?? null,
    });
    model.restore(listed);
    return model;
  }

  get curves(): Curves {
    return (this.#curves ??= new Curves());
  }

  get probes(): ProbeHistory {
    return (this.#probes ??= new ProbeHistory());
  }

  /** Whether it has a label. */
  get isLabeled(): boolean {
    return this.#label !== null;
  }

  /** The same object until something in it changes. */
  get view(): RunView {
    return this.#view;
  }

  get progress(): RunProgress {
    const { state, steps, secondsLimit, logged } = this.#view;
    const left =
      state === 'running' && logged?.planned !== false
        ? secondsLeft(this.curves.seconds, { steps, seconds: secondsLimit })
        : null;
    return {
      ...this.#progress,
      secondsLeft: left,
      latest: this.latest,
      scores: this.#curves?.latestScores ?? {},
      learning: this.#learning,
      kept: this.#kept,
    };
  }

  /** Number of states of a tagger's Markov model, one for each tag; null for other models, and before the run starts. */
  get states(): number | null {
    return taggerStates(this.config, this.#view.baselines);
  }

  /** Last completed step. */
  get step(): number {
    return this.#progress.step;
  }

  get state(): RunState {
    return this.#view.state;
  }

  /** Samples, oldest first. */
  get samples(): readonly SampleView[] {
    return this.#samples;
  }

  /** Report of the task after the last validation; null without one. */
  get report(): Report | null {
    return this.#report;
  }

  /** Number of times that points or samples were removed. A view that has shown them starts again. */
  get revision(): number {
    return this.#revision;
  }

  /** Latest values of the metrics; the training loss is the mean that the record has, too. */
  get latest(): LatestValues {
    return { ...this.#recorded, ...this.#curves?.latestOver(averagedSteps(this.#view.applies)) };
  }

  /** The validation of the model that is kept; null before the first one. */
  get kept(): ScoredStep | null {
    return this.#kept;
  }

  /** The validation with the lowest loss, the first one of equal ones; null before the first validation. */
  get best(): ScoredStep | null {
    const validationLoss = this.#curves?.series.validationLoss;
    if (validationLoss === undefined || validationLoss.length === 0) return this.#recordedBest;
    const { x, y, length } = validationLoss;
    let best: ScoredStep | null = null;
    for (let i = 0; i < length; i++) {
      const [step = 0, loss = NaN] = [x[i], y[i]];
      if (Number.isFinite(loss) && (!best || loss < best.loss)) best = { step, loss };
    }
    return best;
  }

  /** What the user has added to the run. */
  get annotations(): AnnotatedRun {
    return this.#annotations;
  }

  /** Sets what the user has added. @returns whether it has changed */
  annotate(annotations: AnnotatedRun): boolean {
    if (JSON.stringify(annotations) === JSON.stringify(this.#annotations)) return false;
    this.#annotations = annotations;
    this.#showLabel();
    return true;
  }

  /** The part of the title that tells the run apart from others of its kind; empty for none. */
  get difference(): string {
    return this.#label?.difference ?? '';
  }

  /** The title without the seed and the time; empty before the run is labeled. */
  get setup(): string {
    return this.#label?.setup ?? '';
  }

  get learning(): Learning | null {
    return this.#learning;
  }

  /** The most severe verdict on learning; undefined if there is none. */
  get finding(): Finding | undefined {
    return this.#learning?.findings[0];
  }

  /**
   * The loss that describes the run: the validation loss of the model that is kept, the last validation loss if no model
   * was validated, or the training loss before the first validation; null without one.
   */
  get loss(): number | null {
    const { trainLoss = null, validationLoss = null } = this.latest;
    return this.#kept?.loss ?? validationLoss ?? trainLoss;
  }

  /** Applies the record on disk. */
  restore({ record, holder }: ListedRun): void {
    const { progress } = record;
    const message = storedMessage(record.state, record.message, holder !== undefined);
    const { step, seconds, trainLoss, validationLoss, learning, kept, best } = progress;
    this.#recordedBest = best;
    this.#recorded = {
      ...(trainLoss === null ? {} : { trainLoss }),
      ...(validationLoss === null ? {} : { validationLoss }),
    };
    this.#progress = { ...this.#progress, step, seconds };
    this.#learning = learning;
    this.#kept = kept;
    this.#patch({
      ...(record.logged && loggedView(record.logged, this.#view)),
      state: storedState(record.state, holder !== undefined),
      elsewhere: holder !== undefined,
      ...shownFacts(this.config, record),
      notices: this.#withNotices(recordedNotices(record)),
      message: message === null ? null : say(message),
    });
  }

  /** The notices so far, among them those of the host, which the record does not have, and others; each once. */
  #withNotices(others: readonly Text[]): string[] {
    return [...new Set([...this.#view.notices, ...others].map(say))];
  }

  /** The result at the end says more than the one at the first difference, and replaces it. */
  #showRepetition(result: string): void {
    const others = this.#view.notices.filter((notice) => notice !== this.#repetition);
    this.#repetition = result;
    this.#patch({ notices: [...new Set([...others, result])] });
  }

  /** Replaces metrics, probes and the last report with those read from disk. */
  replaceMetrics(events: readonly MetricEvent[], probes: readonly Probe[], report: Report | null = null): void {
    this.#truncateAfter(-1);
    this.#report = report;
    this.probes.replace(probes);
    for (const event of events) this.#addMetric(event);
  }

  /** Adds what another process has written since the metrics were read. */
  appendMetrics(events: readonly MetricEvent[], probes: readonly Probe[], report: Report | null): void {
    for (const event of events) this.#addMetric(event);
    for (const probe of probes) this.probes.add(probe);
    this.#report = report;
  }

  /** Adds a notice of the host about the run. */
  notify(notice: Text): void {
    this.#patch({ notices: this.#withNotices([notice]) });
  }

  /** Applies an event of a running trainer. */
  apply(event: RunEvent): void {
    switch (event.event) {
      case 'start':
        this.#truncateAfter(event.step);
        if (this.#learning && this.#learning.step > event.step) this.#learning = null;
        if (this.#kept && this.#kept.step > event.step) this.#kept = null;
        this.#progress = { ...this.#progress, step: event.step, deviceBytes: null };
        this.#patch({
          state: 'running',
          elsewhere: false,
          ...shownFacts(this.config, event),
          notices: this.#withNotices(event.notices),
          message: null,
        });
        break;
      case 'step':
        this.#addMetric(event);
        this.#advance(event.step, event.seconds);
        break;
      case 'validation':
      case 'sample':
        this.#addMetric(event);
        break;
      case 'learning': {
        const { step, findings, advice, kept } = event;
        this.#learning = { step, findings, advice };
        this.#kept = kept;
        break;
      }
      case 'probe':
        this.probes.add(event.probe);
        break;
      case 'report':
        this.#report = event.report;
        break;
      case 'checkpoint':
        break;
      case 'paused':
        this.#advance(event.step);
        this.#patch({ state: event.paused ? 'paused' : 'running' });
        break;
      case 'memory':
        this.#progress = { ...this.#progress, deviceBytes: event.deviceBytes };
        break;
      case 'repetition':
        this.#showRepetition(say(describeRepetition(event)));
        break;
      case 'notice':
        this.#patch({ notices: this.#withNotices([event.text]) });
        break;
      case 'end':
        this.#advance(event.steps, event.seconds);
        this.#patch({ state: event.reason, message: event.message === undefined ? null : say(event.message) });
        break;
    }
  }

  /** Sets the label among all runs, which a name that the user has given replaces. @returns whether it has changed */
  setLabel(label: RunLabel): boolean {
    this.#label = label;
    return this.#showLabel();
  }

  setState(state: RunState, message: string | null = null): void {
    this.#patch({ state, message });
  }

  /** Shows the place in the queue. @returns whether it has changed */
  setWaits(waits: Waits): boolean {
    const { waits: shown } = this.#view;
    if (shown?.place === waits.place && shown.until === waits.until && shown.run === waits.run) return false;
    this.#patch({ state: 'waiting', message: null, waits });
    return true;
  }

  setSampling(sampling: Sampling): void {
    this.#patch({ sampling: { ...this.#view.sampling, ...sampling } });
  }

  #showLabel(): boolean {
    const { view } = this;
    const { name } = this.#annotations;
    const label = name ?? this.#label?.text ?? view.label;
    const title = name ?? this.#label?.title ?? view.title;
    const summary = summarize(this.config, this.states);
    if (view.label === label && view.title === title && view.summary === summary) return false;
    this.#patch({ label, title, summary });
    return true;
  }

  #truncateAfter(step: number): void {
    this.#curves?.cutAfter(step);
    this.#probes?.cutAfter(step);
    if (this.#report && this.#report.step > step) this.#report = null;
    this.#samples = this.#samples.filter((sample) => sample.step <= step);
    this.#revision++;
  }

  #addMetric(event: MetricEvent): void {
    this.curves.add(event);
    if (event.event === 'sample') {
      const { step, prompt, temperature, text } = event;
      this.#samples.push({ step, prompt, temperature, text });
    }
  }

  #advance(step: number, seconds = this.#progress.seconds): void {
    this.#progress = { ...this.#progress, step, seconds };
  }

  #patch(change: Partial<RunView>): void {
    this.#view = { ...this.#view, ...change };
    if (this.#view.state !== 'waiting') delete this.#view.waits;
  }
}
