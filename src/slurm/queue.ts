import { join } from 'node:path';
import { phrase, type Text } from '../phrases/phrase.ts';
import { UnusableError } from '../phrases/causes.ts';
import { disk, type Files, isTaken } from '../platform/files.ts';
import { sha256Hex } from '../platform/hashing.ts';
import { textOrEmpty } from '../platform/textOrEmpty.ts';
import { ArraySizes } from './arraySizes.ts';
import { type BatchTask, SlurmBatch } from './batch.ts';
import { SlurmClient, SlurmLimitError, SlurmUnreachableError } from './client.ts';
import { checkOptions, type SlurmOptions } from './options.ts';
import { type ListedTask, OTHERS } from './output.ts';
import { batchScript, ITEMS_FILE, SCRIPT_FILE } from './script.ts';
import { type Cause, causes, isBlocked, jobStates, type Phase } from './states.ts';
import { type SubmissionEvent, Submissions } from './submissions.ts';
import { causeOfDeath, countsAsTry, taskOutcome } from './taskOutcome.ts';

export interface QueueOptions {
  /** Absolute path of a folder that all nodes share, for this queue only. */
  readonly folder: string;
  /** Program that works on an item, and its arguments; the item follows as the last one. */
  readonly command: readonly string[];
  readonly options: SlurmOptions;
  readonly client?: SlurmClient;
  readonly files?: Files;
  /**
   * Milliseconds that a task has to be missing in Slurm before its journal counts as complete: file systems of networks
   * show a file late.
   */
  readonly settling?: number;
}

/** An item that its task has not ended. */
export interface DiedItem {
  readonly item: string;
  readonly cause: Cause;
}

/** What has changed since the last look. */
export interface QueueReport {
  /** False if Slurm did not answer: then only journals were read. */
  isReachable: boolean;
  /** Items that have ended, with the exit codes of their commands and the files of their output. */
  readonly ended: { readonly item: string; readonly code: number; readonly log: string }[];
  /** Items that will not end, and are not tried again. */
  readonly dropped: DiedItem[];
  /** Items that are tried again. */
  readonly again: DiedItem[];
  /** Reasons for which tasks wait and will not start by themselves, as Slurm names them, each with one of the jobs. */
  readonly blocked: Map<string, string>;
  /** Reason why Slurm takes no other job for now. */
  limit: Text | undefined;
  /** True once another program has canceled the jobs. */
  readonly isCancelled: boolean;
  /** True once nothing is submitted or to be submitted. */
  isDone: boolean;
}

/** Most tasks in the queue of Slurm at the same time; the others are submitted later. */
export const MOST_QUEUED = 1000;
/** Tries of an item that count. */
const TRIES = 5;
const SETTLING = 60_000;
/** Digits of the names of jobs that tell two queues apart. */
const KEY_DIGITS = 12;
/** Items are words that need no quotes, and no options. */
const ITEM = /^\w[\w.-]*$/;

/**
 * Items that jobs of Slurm work on. The queue survives the end of its program, at any moment: what was submitted is in
 * `submissions.jsonl`, and what ended in the journals of the tasks. Items that died are submitted again.
 *
 * Every item is reported once as ended or dropped by each program that follows, and again by a later program if the one
 * before ended before its next `poll` or `close`. The caller makes sure that only one program follows at a time.
 */
export class SlurmQueue {
  readonly #options: Required<QueueOptions>;
  readonly #submissions: Submissions;
  readonly #key: string;
  readonly #batches: SlurmBatch[] = [];
  /** Number of the last batch of each item. What an earlier batch says about it no longer counts. */
  readonly #lastBatchOf = new Map<string, number>();
  /** Items to submit, each with the number of its try. */
  readonly #waiting = new Map<string, number>();
  /** Batches that are over, and were over in the last report. */
  readonly #reported: SlurmBatch[] = [];
  #lastBatch = 0;
  /** Items that waited when the queue was canceled. */
  readonly #withdrawn: string[] = [];
  #sizes: ArraySizes | undefined;
  /** Reason why Slurm has refused the last job for now. */
  #limit: Text | undefined;

  private constructor(options: Required<QueueOptions>, submissions: Submissions) {
    this.#options = options;
    this.#submissions = submissions;
    this.#key = `sequence-lab-${sha256Hex(options.folder).slice(0, KEY_DIGITS)}`;
  }

  /** Opens the queue of a folder, or begins it. @throws UnusableError for options that are not allowed */
  static async open(given: QueueOptions): Promise<SlurmQueue> {
    checkOptions(given.options);
    const defaults = {
      client: new SlurmClient(),
      settling: SETTLING,
      files: disk,
    };
    const options = { ...defaults, ...given };
    await options.files.makeFolder(options.folder);
    const { submissions, events } = await Submissions.open(options.folder, options.files);
    const queue = new SlurmQueue(options, submissions);
    for (const event of events) await queue.#apply(event);
    for (const batch of queue.#batches) for (const task of batch.tasks) await batch.readJournal(task, options.files);
    return queue;
  }

  /**
   * Adds items. Those that are submitted are left out, unless they were canceled or have failed: these are tried again, and
   * what their earlier jobs say no longer counts.
   * @throws UnusableError for a name with blanks
   */
  add(items: readonly string[]): void {
    const submitted = new Map(this.#batches.map((batch) => [batch.number, batch]));
    for (const item of items) {
      if (!ITEM.test(item)) throw new UnusableError(phrase('"{0}" cannot be the name of an item.', item));
      const last = this.#lastBatchOf.get(item);
      if (this.#waiting.has(item) || (last !== undefined && submitted.get(last)?.isExpected(item))) continue;
      this.#lastBatchOf.delete(item);
      this.#waiting.set(item, 1);
    }
  }

  /**
   * Looks at all tasks, submits what waits, and returns what has changed. The caller has taken in an earlier report when
   * it calls this again.
   * @param now time in milliseconds, of a clock that never goes back
   * @throws UnusableError with Slurm's reason for refusing a job
   */
  async poll(now: number): Promise<QueueReport> {
    await this.close();
    const report: QueueReport = {
      isReachable: true,
      ended: [],
      dropped: [],
      again: [],
      blocked: new Map(),
      limit: undefined,
      isCancelled: await this.#submissions.isCancelledElsewhere(),
      isDone: false,
    };
    for (const item of this.#withdrawn.splice(0)) report.dropped.push({ item, cause: 'cancelled' });
    const listed = await this.#listed();
    // A copy: a batch that Slurm refuses leaves the list.
    for (const batch of [...this.#batches]) await this.#look(batch, { listed, now, report });
    const over = this.#batches.filter(({ isOver }) => isOver);
    this.#reported.push(...over);
    for (const batch of over) this.#batches.splice(this.#batches.indexOf(batch), 1);
    report.isReachable = listed !== undefined && (report.isCancelled || (await this.#submitAll(now)));
    if (this.#waiting.size > 0) report.limit = this.#limit;
    report.isDone = this.#batches.length === 0 && this.#waiting.size === 0;
    return report;
  }

  /** Notes that the last report was taken in. */
  async close(): Promise<void> {
    for (const { number } of this.#reported.splice(0)) await this.#submissions.append({ event: 'over', batch: number });
  }

  /** Cancels all jobs, and drops what waits. @throws SlurmUnreachableError if Slurm does not answer: cancel again */
  async cancel(): Promise<void> {
    await this.#submissions.append({ event: 'cancel' });
    this.#withdrawn.push(...this.#waiting.keys());
    this.#waiting.clear();
    for (const batch of this.#batches) batch.isCancelled = true;
    for (const batch of this.#batches) await this.#options.client.cancel(batch.name);
  }

  async #apply(event: SubmissionEvent): Promise<void> {
    if (event.event === 'cancel') {
      for (const batch of this.#batches) batch.isCancelled = true;
      return;
    }
    const place = this.#batches.findIndex(({ number }) => number === event.batch);
    const batch = this.#batches[place];
    if (event.event === 'over' && batch) this.#batches.splice(place, 1);
    if (event.event === 'job' && batch) batch.job = event.job;
    if (event.event !== 'batch') return;
    const items = await SlurmBatch.items(this.#folder(event.batch), this.#options.files);
    this.#take(event.batch, event.attempt, items, event.itemsPerTask);
  }

  /** Name of the job of a batch. */
  #name(batch: number): string {
    return `${this.#key}-${batch}`;
  }

  #folder(batch: number): string {
    return join(this.#options.folder, `batch-${batch}`);
  }

  /** Takes in a batch that has its folder. */
  #take(number: number, attempt: number, items: readonly string[], itemsPerTask: number): SlurmBatch {
    const identity = { number, name: this.#name(number), folder: this.#folder(number), attempt };
    const batch = new SlurmBatch(identity, items, { itemsPerTask });
    this.#batches.push(batch);
    this.#lastBatch = Math.max(this.#lastBatch, number);
    for (const item of items) this.#lastBatchOf.set(item, number);
    return batch;
  }

  /** Tasks of all batches in Slurm; undefined if it does not answer. */
  async #listed(): Promise<ListedTasks | undefined> {
    if (this.#batches.length === 0) return new Map();
    const tasks = await this.#options.client.queued(this.#batches.map(({ name }) => name));
    if (!tasks) return undefined;
    const byJob = new Map<string, Map<number, ListedTask>>();
    for (const each of tasks) {
      const key = jobKey(each.name, each.job);
      byJob.set(key, (byJob.get(key) ?? new Map<number, ListedTask>()).set(each.task, each));
    }
    return byJob;
  }

  async #look(batch: SlurmBatch, look: Look): Promise<void> {
    await batch.readClaim(this.#options.files);
    // The program that submitted it was killed before it wrote the id down.
    if (batch.job === undefined && look.listed !== undefined) await this.#findOrSubmit(batch, look);
    if (batch.job === undefined) return;
    const queuedOf = tasksOf(batch.name, batch.job, look);
    const left = batch.tasks.filter((task) => !task.isOver);
    const isMissing = left.some((task) => this.#isSettled(task, look.now) && !queuedOf(task));
    const accounted = isMissing ? await this.#accounted(batch.job) : NONE_ACCOUNTED;
    const isWaiting = batch.tasks.some((task) => phaseOf(queuedOf(task)) === 'waiting');
    for (const task of left) {
      const queued = queuedOf(task);
      this.#noteAbsence(task, queued, look);
      if (queued === undefined && isWaiting) task.isRemoved = true;
      if (phaseOf(queued) !== 'waiting') await batch.readJournal(task, this.#options.files);
      await this.#conclude(batch, task, queued ?? accounted.get(task.index), look);
    }
  }

  #noteAbsence(task: BatchTask, queued: ListedTask | undefined, { listed, now }: Look): void {
    if (listed === undefined) return;
    const isGone = queued === undefined || phaseOf(queued) === 'over';
    task.goneSince = isGone ? (task.goneSince ?? now) : undefined;
  }

  /** What the accounting says about the tasks of a job, by their numbers. */
  async #accounted(job: string): Promise<ReadonlyMap<number, ListedTask>> {
    return new Map((await this.#options.client.accounted([job])).map((each) => [each.task, each]));
  }

  #isSettled({ goneSince }: BatchTask, now: number): boolean {
    return goneSince !== undefined && now - goneSince >= this.#options.settling;
  }

  /** Reports what has changed of a task. */
  async #conclude(
    batch: SlurmBatch,
    task: BatchTask,
    listed: ListedTask | undefined,
    { now, report }: Look,
  ): Promise<void> {
    const { items, journal } = task;
    const outcome = taskOutcome({ items, journal, listed, isSettled: this.#isSettled(task, now) });
    const isLast = (item: string): boolean => this.#lastBatchOf.get(item) === batch.number;
    for (const [item, code] of outcome.ended) {
      if (task.reported.has(item) || !isLast(item)) continue;
      task.reported.add(item);
      report.ended.push({ item, code, log: batch.logOf(task) });
    }
    task.isOver = outcome.phase === 'over';
    const died = outcome.died.filter(isLast);
    if (died.length > 0) {
      const log = await textOrEmpty(batch.logOf(task), this.#options.files);
      for (const item of died) {
        const isCancelled = batch.isCancelled || (listed === undefined && task.isRemoved && journal.node === undefined);
        const cause = isCancelled ? 'cancelled' : causeOfDeath(item, { items, journal, listed }, log);
        const counts = !causes[cause].isOutside && countsAsTry(item, journal);
        this.#died({ item, cause }, counts ? batch.attempt + 1 : batch.attempt, report);
      }
    }
    if (outcome.phase === 'waiting' && listed !== undefined && isBlocked(listed.reason))
      report.blocked.set(listed.reason, listed.job);
  }

  /** @param attempt number of the next try */
  #died({ item, cause }: DiedItem, attempt: number, report: QueueReport): void {
    if (!causes[cause].again || attempt > TRIES) {
      report.dropped.push({ item, cause });
      return;
    }
    this.#waiting.set(item, attempt);
    report.again.push({ item, cause });
  }

  /** Submits what waits, as far as there is room. @returns false if Slurm does not answer */
  async #submitAll(now: number): Promise<boolean> {
    if (this.#waiting.size === 0) return true;
    const { client, options } = this.#options;
    this.#sizes ??= new ArraySizes(await client.largestArray());
    for (;;) {
      const room = Math.min(MOST_QUEUED - this.#queuedTasks, this.#sizes.at(now));
      const next = this.#nextItems(room * (options.itemsPerTask ?? 1));
      if (!next) return true;
      const batch = await this.#create(next.items, next.attempt);
      const answer = await this.#submit(batch, now);
      // Slurm may take minutes for each refusal: the rest waits for the next look.
      if (answer !== 'taken') return answer === 'refused';
    }
  }

  /** Number of tasks that are submitted and not over. */
  get #queuedTasks(): number {
    return this.#batches.reduce((sum, { tasks }) => sum + tasks.filter((task) => !task.isOver).length, 0);
  }

  /**
   * The items to submit next, all of which are at the same try: that of the item that has waited longest.
   * @param most number of items that there is room for
   * @returns undefined if nothing waits, or if there is no room
   */
  #nextItems(most: number): { readonly items: readonly string[]; readonly attempt: number } | undefined {
    const [attempt] = this.#waiting.values();
    if (attempt === undefined || most <= 0) return undefined;
    const items: string[] = [];
    for (const [item, each] of this.#waiting) {
      if (items.length === most) break;
      if (each === attempt) items.push(item);
    }
    return { items, attempt };
  }

  /** Writes the folder of a batch, and notes that it is submitted next. */
  async #create(items: readonly string[], attempt: number): Promise<SlurmBatch> {
    const { files, options, command } = this.#options;
    const number = await this.#newFolder();
    const folder = this.#folder(number);
    const name = this.#name(number);
    const script = batchScript({ name, folder, count: items.length, command, options });
    await files.writeFlushed(join(folder, ITEMS_FILE), items.map((item) => `${item}\n`).join(''));
    await files.writeFlushed(join(folder, SCRIPT_FILE), script);
    await files.syncFolder(folder);
    const itemsPerTask = options.itemsPerTask ?? 1;
    await this.#submissions.append({ event: 'batch', batch: number, attempt, itemsPerTask });
    for (const item of items) this.#waiting.delete(item);
    return this.#take(number, attempt, items, itemsPerTask);
  }

  /** Creates the folder of the next batch. A folder that a killed program has left is not used again. */
  async #newFolder(): Promise<number> {
    for (let number = this.#lastBatch + 1; ; number++) {
      try {
        await this.#options.files.createFolder(this.#folder(number));
        return number;
      } catch (error) {
        if (!isTaken(error)) throw error;
      }
    }
  }

  /**
   * Submits a batch. If there are too many jobs, its items wait again.
   * @returns the answer of Slurm; without one, the next look finds the job, or submits the batch again
   * @throws UnusableError with Slurm's reason for a refusal; its items wait again
   */
  async #submit(batch: SlurmBatch, now: number): Promise<'taken' | 'refused' | 'none'> {
    try {
      batch.job = await this.#options.client.submit(batch.folder);
    } catch (error) {
      if (error instanceof SlurmUnreachableError) return 'none';
      await this.#withdraw(batch);
      if (!(error instanceof SlurmLimitError)) throw error;
      this.#limit = error.text;
      this.#sizes?.refused(batch.tasks.length, now);
      return 'refused';
    }
    this.#limit = undefined;
    this.#sizes?.accepted();
    await this.#submissions.append({ event: 'job', batch: batch.number, job: batch.job });
    return 'taken';
  }

  /** Takes a batch back that Slurm has refused: its items wait again. */
  async #withdraw(batch: SlurmBatch): Promise<void> {
    const { number, attempt, tasks, folder } = batch;
    await this.#submissions.append({ event: 'refused', batch: number });
    await this.#options.files.remove(folder);
    this.#batches.splice(this.#batches.indexOf(batch), 1);
    for (const item of tasks.flatMap(({ items }) => items)) this.#waiting.set(item, attempt);
  }

  /** Finds the job of a batch by its name. If there is none, submits the batch, or drops it if it was canceled. */
  async #findOrSubmit(batch: SlurmBatch, { now, report }: Look): Promise<void> {
    const listed = await this.#options.client.queued([batch.name]);
    if (listed === undefined) return;
    const [found] = listed;
    if (found !== undefined) {
      batch.job = found.job;
      await this.#submissions.append({ event: 'job', batch: batch.number, job: found.job });
    } else if (!batch.isCancelled) await this.#submit(batch, now);
    else
      for (const task of batch.tasks) {
        task.isOver = true;
        for (const item of task.items) this.#died({ item, cause: 'cancelled' }, batch.attempt, report);
      }
  }
}

/** Tasks in Slurm by `jobKey` and by their numbers. */
type ListedTasks = ReadonlyMap<string, ReadonlyMap<number, ListedTask>>;

const NONE_ACCOUNTED: ReadonlyMap<number, ListedTask> = new Map();

/** Identity of a job. The name belongs to it, because a controller that has lost its state uses ids again. */
function jobKey(name: string, job: string): string {
  return `${name} ${job}`;
}

function phaseOf(listed: ListedTask | undefined): Phase | undefined {
  return listed && jobStates[listed.state]?.phase;
}

/** Finds the tasks of a job in the queue of Slurm: those that wait may be listed together. */
function tasksOf(name: string, job: string, { listed }: Look): (task: BatchTask) => ListedTask | undefined {
  const tasks = listed?.get(jobKey(name, job));
  return ({ index }) => tasks?.get(index) ?? tasks?.get(OTHERS);
}

/** One look at all batches. */
interface Look {
  /** Undefined if Slurm does not answer. */
  readonly listed: ListedTasks | undefined;
  readonly now: number;
  readonly report: QueueReport;
}
