import type { RunConfig } from '../../config/schema.ts';
import type { Files } from '../../platform/files.ts';
import type { Baselines } from '../../protocol/events.ts';
import type { RunSource } from '../../protocol/trainer.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { TrainingLoop, TrainingTask } from '../../training/trainingTask.ts';
import type { StepShape } from '../stepShape.ts';
import type { InitialModel } from '../initial/initialModel.ts';
import type { StoredModel } from './storedModel.ts';
import { type Text } from '../../phrases/phrase.ts';

/** A kind of task: makes a model and its data from a configuration and a source, for a session to train. */
export interface TaskKind {
  /**
   * Reads or generates the data of a new run, without using a backend.
   * @param initial the model that it begins with, in place of random weights
   * @throws InputError or ConfigError for problems that the user can fix
   */
  load(source: RunSource, config: RunConfig, initial?: InitialModel): Promise<NewTask>;
  /** The data of a resumed run, unchanged. @throws InputError if it is missing or has changed */
  reload(folder: string, record: RunRecord): Promise<LoadedTask>;
  /**
   * The data of a run, unchanged, to train it again from its first step.
   * @throws InputError that names what is missing or has changed
   */
  repeat(folder: string, record: RunRecord): Promise<NewTask>;
  /** Loads the saved model of a run on the current backend. @throws Error that describes what is missing or damaged */
  open(folder: string, record: RunRecord): Promise<StoredModel>;
  /** A training loop for a model of a given shape on dummy data, to time its steps. */
  timedLoop(shape: StepShape): TrainingLoop;
}

/** The data of a run. */
export interface LoadedTask {
  /** Name of the training data: of a file, a document or the task. */
  readonly name: string;
  /** Sequences, or streams of text, that a step trains on. */
  readonly batchSize: number;
  /** Shape of a training step, to time it on each backend; null if the model does not use a backend. */
  readonly shape: StepShape | null;
  readonly text: RunRecord['text'];
  /** Short descriptions of the training data. */
  readonly facts: readonly Text[];
  /** Messages about changes to the user's data or settings. */
  readonly notices: readonly Text[];
  baselines(): Promise<Baselines>;
  /** The model on the current backend, with its training loop. */
  create(): TrainingTask;
}

/** The data of a new run. */
export interface NewTask extends LoadedTask {
  /** Copies the data that a resume needs to the run's folder, on the file system `files`. */
  keepSource(folder: string, files: Files): Promise<RunRecord['source']>;
}
