import type { RunConfig } from '../config/schema.ts';
import type { TextSource } from '../config/textSource.ts';
import type { BackendOptions } from '../protocol/backendOptions.ts';
import type { RemoteClassifier } from '../protocol/classifier.ts';
import type { RemoteTrainer, ResumeRequest, StartRequest } from '../protocol/trainer.ts';
import type { NewSweep } from '../sweeps/sweepStore.ts';

/** What the tools of an agent need of the program that offers them: the command line, or the extension host. */
export interface AgentLab {
  /** Folder of the run store, of the sweeps and of the backends, as `labHome` returns it. */
  readonly home: string;
  /** Absolute paths of the folders that files may be read from and written to. A relative path begins at the first. */
  readonly workspace: readonly string[];
  /** Whether work may be started and runs may be changed. False in an untrusted workspace. */
  readonly isTrusted: boolean;
  /**
   * Configuration of a new run before any change: the built-in defaults, or the settings of the editor.
   * @param path absolute path of the training data, whose folder may have its own settings
   * @throws ConfigError for settings that are not allowed
   */
  readonly defaults: (path?: string) => RunConfig;
  /**
   * The file of a path as a new run reads it: the text of an editor, if it is open there with unsaved changes.
   * @param path absolute path of a file or folder
   */
  readonly sourceOf: (path: string) => Promise<TextSource>;
  readonly product: ProductFiles;
  readonly trainers: Trainers;
  readonly trainings: Trainings;
}

/** One call of a tool. */
interface AgentCall {
  /** Ends the call early. Work that it has started goes on. */
  readonly signal: AbortSignal;
  /** Receives how far the call is. */
  readonly onProgress: (progress: CallProgress) => void;
}

/** Context of a tool. */
export type AgentContext = AgentLab & AgentCall;

interface CallProgress {
  /** What is done so far, in the unit of `total`; it grows during a call. */
  readonly done: number;
  /** Undefined if it is not known. */
  readonly total?: number;
  /** A short English sentence. */
  readonly message?: string;
}

/** Parts of the installed product that exported files contain. */
interface ProductFiles {
  /** Folder of the built programs, `dist`. */
  readonly programs: string;
  /** Folder `media`, with the programs that open exported models. */
  readonly media: string;
  readonly version: string;
  /** Language of exported pages, and its translations by the English text; empty for English. */
  readonly language: string;
  readonly translations: Readonly<Record<string, string>>;
}

/** Processes that answer questions about data and models, and end afterwards. The caller's process never computes. */
export interface Trainers {
  /** Starts a trainer for one request. @throws the trainer's error, or the reason of an aborted signal */
  ask<T>(question: {
    readonly ask: (trainer: RemoteTrainer, backends: BackendOptions) => Promise<T>;
    /** Threads of the backend, as in the configuration of a run; 0: the default. */
    readonly threads: number;
    readonly signal: AbortSignal;
    /** Receives the fraction of an inspection that is done. */
    readonly onInspected?: (share: number) => void;
  }): Promise<T>;
  /** The same with a thread that classifies texts. */
  classify<T>(question: {
    readonly ask: (classifier: RemoteClassifier, backends: BackendOptions) => Promise<T>;
    readonly signal: AbortSignal;
  }): Promise<T>;
}

/** Runs that train while the calls that have started them are over. */
export interface Trainings {
  /**
   * Starts a run. Resolves with its id: as soon as it is ready to train, or earlier if the data takes long to read.
   * @throws Error for a configuration or data that cannot be used
   */
  start(request: Pick<StartRequest, 'config' | 'source' | 'parent'>): Promise<{ readonly run: string }>;
  /** Resumes a stored run. @throws RunLockedError while another process trains it */
  resume(request: Pick<ResumeRequest, 'folder' | 'changes'>): Promise<{ readonly run: string }>;
  /**
   * Ends a run after its current step, with a checkpoint, or all trials of a sweep. A run whose training has not begun
   * does not begin: nothing is left of a new one, and a resumed one keeps its last checkpoint.
   * @param id of the run or the sweep
   * @returns false if this program does not train it
   */
  stop(id: string): Promise<boolean>;
  /** Starts the trials of a sweep. Resolves with the id of the sweep and the number of its trials. */
  startSweep(sweep: NewSweep): Promise<{ readonly sweep: string; readonly trials: number }>;
  /** A run or a sweep that this program has started, by its id; undefined for others. */
  status(id: string): TrainingStatus | undefined;
}

export interface TrainingStatus {
  /**
   * `preparing`: the data is read; a new run has no record yet. `waiting`: the run waits until others have ended, and has
   * not begun. `sweeping`: a sweep whose trials train. `failed`: the run has no record, or its record says why, too.
   */
  readonly phase: 'preparing' | 'waiting' | 'training' | 'sweeping' | 'ended' | 'failed';
  /** Reason of the failure. */
  readonly message?: string;
}
