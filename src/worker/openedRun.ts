import type { BackendEnvironment } from '../backends/backend.ts';
import { tasks } from '../config/tasks.ts';
import { writeVariables } from '../models/weights.ts';
import { type ProbeContext, takeProbe } from '../probes/takeProbe.ts';
import { MAX_PROBED } from '../probes/probed.ts';
import type { Probe, ProbeStart } from '../protocol/probes.ts';
import type { TextAnswer } from '../protocol/textAnswer.ts';
import { readMetrics } from '../runs/metricsLog.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import type { RunRecord } from '../runs/record.ts';
import type { TextWriter } from '../training/textWriter.ts';
import type { TextReading, TrainingTask } from '../training/trainingTask.ts';
import { reloadBackend } from './chooseBackend.ts';
import { openStored } from './openStored.ts';
import { type Inspected, Inspector } from './inspector/inspector.ts';
import { idleQuestions } from './inspector/questions.ts';
import { clippedShare } from './progress.ts';
import { judgedRun, probedFor } from './runProbes.ts';
import { taskKinds } from './tasks/registry.ts';
import type { StoredModel } from './tasks/storedModel.ts';
import { storedModelWeights } from './trainedModel.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/** A stored run whose model answers queries. Its data is read at the first probe of the run's batch. */
export class OpenedRun implements Inspected {
  readonly inspector = new Inspector(this, idleQuestions().ask);
  readonly #folder: string;
  readonly #record: RunRecord;
  readonly #stored: StoredModel;
  #task: TrainingTask | undefined;

  /**
   * Reads a run's model onto the backend that it was trained with.
   * @throws Error that describes what is missing or damaged
   */
  static async open(folder: string, environment: BackendEnvironment): Promise<OpenedRun> {
    const record = await readOwnRecord(folder);
    await reloadBackend(record.backend, environment);
    return new OpenedRun(folder, record, await openStored(folder, record));
  }

  private constructor(folder: string, record: RunRecord, stored: StoredModel) {
    this.#folder = folder;
    this.#record = record;
    this.#stored = stored;
  }

  get step(): number {
    const { kept, step } = this.#record.progress;
    return kept?.step ?? step;
  }

  /** A stored run is never stopped. */
  readonly stopping = false;

  writer(): TextWriter {
    if (!this.#stored.writer)
      throw new PhrasedError(phrase('The task "{0}" does not write text.', tasks[this.#record.config.task.name].title));
    return this.#stored.writer;
  }

  reading(): TextReading {
    if (!this.#stored.reading)
      throw new PhrasedError(phrase('The task "{0}" does not read text.', tasks[this.#record.config.task.name].title));
    return this.#stored.reading;
  }

  /** Whether the model reads texts step by step. */
  get reads(): boolean {
    return this.#stored.reading !== undefined;
  }

  /** Whether the model answers to texts with classes or labels. */
  get answers(): boolean {
    return this.#stored.answer !== undefined;
  }

  /** The class of a text, or the labels of its words. @throws PhrasedError if the task has neither */
  async answer(text: string, top: number): Promise<TextAnswer> {
    if (!this.#stored.answer)
      throw new PhrasedError(
        phrase('The task "{0}" has no classes or labels.', tasks[this.#record.config.task.name].title),
      );
    return this.#stored.answer(text, top);
  }

  async probe(text: string | null, start: ProbeStart): Promise<Probe> {
    if (text !== null) {
      const probed = probedFor({}, text, start, this.reading());
      return takeProbe(probed, { ...(await this.#context()), source: 'text', start });
    }
    const task = await this.#ownTask();
    const probed = probedFor(task, null, start, undefined);
    writeVariables(probed.parameters, await storedModelWeights(this.#folder));
    return takeProbe(probed, {
      ...(await this.#context()),
      source: 'batch',
      start,
      forgetting: task.forgetting,
    });
  }

  /**
   * The beginning of the validation part of the run's data, for its model to read.
   * @throws Error with the reason if it is no text, or the data is missing
   */
  async passage(tokens: number): Promise<string> {
    const { passage } = await this.#ownTask();
    if (!passage)
      throw new PhrasedError(
        phrase('The task "{0}" has no text to read a passage of.', tasks[this.#record.config.task.name].title),
      );
    return passage(tokens);
  }

  dispose(): void {
    this.inspector.dispose();
    this.#stored.dispose();
    this.#task?.dispose();
  }

  /** The run's task with its data. @throws Error if the data is missing */
  async #ownTask(): Promise<TrainingTask> {
    this.#task ??= (await taskKinds[this.#record.config.task.name].reload(this.#folder, this.#record)).create();
    return this.#task;
  }

  async #context(): Promise<Omit<ProbeContext, 'source' | 'start'>> {
    const steps = (await readMetrics(this.#folder)).filter(({ event }) => event === 'step');
    const clipped = steps.map(
      (event) => event.event === 'step' && (event.clippedGradientNorm ?? 0) < (event.gradientNorm ?? 0),
    );
    return {
      step: this.step,
      thorough: true,
      ...judgedRun(this.#record.config),
      isImported: this.#record.state === 'imported',
      sequences: MAX_PROBED,
      learning: this.#record.progress.learning,
      clippedShare: clippedShare(clipped),
    };
  }
}
