import { join } from 'node:path';
import type { Files } from '../platform/files.ts';
import { textOrEmpty } from '../platform/textOrEmpty.ts';
import { type Journal, readJournal } from './journal.ts';
import type { SlurmOptions } from './options.ts';
import { CLAIM_FILE, ITEMS_FILE, itemsOfTask, journalFile, logFile, taskCount } from './script.ts';

/** A task of a batch, as far as it is known. */
export interface BatchTask {
  /** Its number in the array. */
  readonly index: number;
  readonly items: readonly string[];
  journal: Journal;
  /** Items that were reported as ended. */
  readonly reported: Set<string>;
  /** Time in milliseconds since which Slurm lists it as ended or not at all; undefined while it is listed. */
  goneSince: number | undefined;
  /** Whether Slurm did not list it while others of its array waited: it was canceled before its start. */
  isRemoved: boolean;
  /** True once it is over: nothing of it changes any more. */
  isOver: boolean;
}

/** A submitted job array with its folder. */
export class SlurmBatch {
  readonly number: number;
  /** Name of its job. */
  readonly name: string;
  readonly folder: string;
  /** Number of the try of its items, from 1 on. */
  readonly attempt: number;
  readonly tasks: readonly BatchTask[];
  /** Id of its job; undefined until Slurm has taken it. */
  job: string | undefined;
  /** Whether its jobs were canceled: its items are not tried again. */
  isCancelled = false;
  readonly #taskOf = new Map<string, BatchTask>();
  #isClaimed = false;

  constructor(
    identity: { readonly number: number; readonly name: string; readonly folder: string; readonly attempt: number },
    items: readonly string[],
    options: SlurmOptions,
  ) {
    this.number = identity.number;
    this.name = identity.name;
    this.folder = identity.folder;
    this.attempt = identity.attempt;
    this.tasks = Array.from({ length: taskCount(items.length, options) }, (_, index) => ({
      index,
      items: itemsOfTask(items, index, options),
      journal: readJournal(''),
      reported: new Set<string>(),
      goneSince: undefined,
      isRemoved: false,
      isOver: false,
    }));
    for (const task of this.tasks) for (const item of task.items) this.#taskOf.set(item, task);
  }

  /** Items of a batch in its folder. */
  static async items(folder: string, files: Files): Promise<string[]> {
    return (await files.readText(join(folder, ITEMS_FILE))).split('\n').filter((item) => item !== '');
  }

  /** Whether an item of the batch has ended well or may still end. */
  isExpected(item: string): boolean {
    return !this.isCancelled && (this.#taskOf.get(item)?.journal.ended.get(item) ?? 0) === 0;
  }

  get isOver(): boolean {
    return this.tasks.every((task) => task.isOver);
  }

  /** Reads the journal of a task again. */
  async readJournal(task: BatchTask, files: Files): Promise<void> {
    const path = join(this.folder, journalFile(task.index));
    task.journal = readJournal(await textOrEmpty(path, files));
  }

  /** Path of the output of a task. */
  logOf(task: BatchTask): string {
    return join(this.folder, logFile(task.index));
  }

  /** Takes the id of the job that has begun to work on the batch: of two jobs with its name, only one does. */
  async readClaim(files: Files): Promise<void> {
    if (this.#isClaimed) return;
    const id = (await textOrEmpty(join(this.folder, CLAIM_FILE), files)).trim();
    if (id === '') return;
    this.job = id;
    this.#isClaimed = true;
  }
}
