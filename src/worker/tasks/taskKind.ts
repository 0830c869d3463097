import type { RunConfig } from '../../config/schema.ts';
import type { Files } from '../../platform/files.ts';
import type { Baselines } from '../../protocol/events.ts';
import type { RunSource } from '../../protocol/trainer.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { TrainingLoop, TrainingTask } from '../../training/trainingTask.ts';
import type { StepShape } from '../stepShape.ts';
import type { StoredModel } from './storedModel.ts';

/** A kind of task: makes a model and its data from a configuration and a source, for a session to train. */
export interface TaskKind {
  /**
   * Reads or generates the data of a new run; nothing is on the backend yet. @throws InputError or ConfigError for what
   * the user can mend
   */
  load(source: RunSource, config: RunConfig): Promise<LoadedTask>;
  /** The data of a resumed run, unchanged. @throws InputError if it is missing or has changed */
  reload(folder: string, record: RunRecord): Promise<LoadedTask>;
  /** The saved model of a run, on the backend that is set. @throws Error that says what is missing or damaged */
  open(folder: string, record: RunRecord): Promise<StoredModel>;
  /** A training loop for a model of a given shape on made-up data, to time its steps. */
  rehearse(shape: StepShape): TrainingLoop;
}

/** The data of a run. */
export interface LoadedTask {
  /** Name of the training data: of a file, a document or the task. */
  readonly name: string;
  /** Sequences, or streams of text, that a step trains on. */
  readonly batchSize: number;
  /** A training step, to be timed on each backend; null where nothing of the model runs on one. */
  readonly shape: StepShape | null;
  readonly text: RunRecord['text'];
  /** Short descriptions of the training data. */
  readonly facts: readonly string[];
  /** Messages about changes to the user's data or settings. */
  readonly notices: readonly string[];
  /** Copies to the run's folder, on the file system `files`, what a resume will need. */
  keepSource(folder: string, files: Files): Promise<RunRecord['source']>;
  baselines(): Promise<Baselines>;
  /** The model on the current backend, with its training loop. */
  create(): TrainingTask;
}
