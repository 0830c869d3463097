import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { phrase, PhrasedError, say } from '../../phrases/phrase.ts';
import type { SlurmOptions } from '../../slurm/options.ts';
import { SlurmClient } from '../../slurm/client.ts';
import { type QueueReport, SlurmQueue } from '../../slurm/queue.ts';
import { causes, isHeld } from '../../slurm/states.ts';
import type { TrialTrainer } from '../../sweeps/runSweep.ts';
import type { TrialJob } from '../../sweeps/trials/trialJob.ts';
import { ExitCode } from '../exitCodes.ts';
import { itemOf } from './trainTrial.ts';

interface SlurmTrialsOptions {
  /** Folder of the sweep. */
  readonly folder: string;
  /** Program of Node.js on the nodes. */
  readonly node: string;
  readonly options: SlurmOptions;
  /** Called once when Slurm has not refused jobs with these options. */
  readonly onAccepted?: () => Promise<void>;
}

/** Milliseconds between two looks at the jobs. */
const INTERVAL = 2000;

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Trains the trials of a sweep as tasks of Slurm. The jobs go on if this process ends: another one that opens the same
 * folder follows them.
 */
export class SlurmTrials implements TrialTrainer {
  /** Aborted if no trial can be trained: Slurm refuses the jobs. */
  readonly failed: AbortSignal;
  readonly #queue: SlurmQueue;
  readonly #waiting = new Map<string, Waiting>();
  readonly #failure = new AbortController();
  /** Follows the jobs while trials wait; undefined otherwise. */
  #following: Promise<void> | undefined;
  /** Called after the first look that Slurm answered; undefined afterwards. */
  #onAccepted: (() => Promise<void>) | undefined;
  #message = '';

  private constructor(queue: SlurmQueue, onAccepted: (() => Promise<void>) | undefined) {
    this.#queue = queue;
    this.#onAccepted = onAccepted;
    this.failed = this.#failure.signal;
  }

  /** @throws UnusableError if there is no Slurm here, or for options that are not allowed */
  static async open({ folder, node, options, onAccepted }: SlurmTrialsOptions): Promise<SlurmTrials> {
    const client = new SlurmClient();
    await client.assertAvailable();
    const queue = await SlurmQueue.open({
      folder: join(folder, 'slurm'),
      command: [node, process.argv[1] ?? '', 'trial', folder],
      options,
      client,
    });
    return new SlurmTrials(queue, onAccepted);
  }

  /** Resolves once a task has trained the trial. Once the signal is aborted, resolves at once: the job goes on. */
  async train(job: TrialJob, signal: AbortSignal): Promise<undefined> {
    const item = itemOf(job);
    this.#queue.add([item]);
    const ended = new Promise<void>((resolve, reject) => this.#waiting.set(item, { resolve, reject }));
    const leave = () => this.#waiting.get(item)?.resolve();
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    this.#following ??= this.#follow().finally(() => (this.#following = undefined));
    try {
      await ended;
    } finally {
      signal.removeEventListener('abort', leave);
      this.#waiting.delete(item);
    }
  }

  /** Cancels all jobs of the sweep. */
  async cancel(): Promise<void> {
    await this.#queue.cancel();
  }

  /** Waits until the last look is over. */
  async close(): Promise<void> {
    await this.#following;
  }

  async #follow(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        await setTimeout(INTERVAL);
        const report = await this.#queue.poll(performance.now());
        if (report.isCancelled)
          throw new PhrasedError(phrase('The jobs were canceled by another command. Go on with --resume --slurm.'));
        if (report.isReachable) await this.#accepted();
        this.#take(report);
      }
    } catch (error) {
      this.#failure.abort(error);
      for (const { resolve } of this.#waiting.values()) resolve();
    }
  }

  async #accepted(): Promise<void> {
    const accept = this.#onAccepted;
    this.#onAccepted = undefined;
    await accept?.();
  }

  #take(report: QueueReport): void {
    for (const { item, code, log } of report.ended) {
      if (code === ExitCode.ok || code === ExitCode.diverged) this.#waiting.get(item)?.resolve();
      else
        this.#waiting
          .get(item)
          ?.reject(new PhrasedError(phrase('Its process ended with exit code {0}. Its output is in {1}.', code, log)));
    }
    for (const { item, cause } of report.dropped) this.#waiting.get(item)?.reject(new PhrasedError(causes[cause].text));
    this.#say(report);
  }

  /** Prints what keeps the jobs from going on, when it changes. */
  #say({ isReachable, blocked, again, limit }: QueueReport): void {
    for (const { item, cause } of again)
      process.stderr.write(`trial ${item} is submitted again: ${say(causes[cause].text)}\n`);
    const message = isReachable
      ? [...[...blocked].map(describeBlocked), ...(limit === undefined ? [] : [`${say(limit)} Trying again.\n`])].join(
          '',
        )
      : 'Slurm does not answer. Trying again.\n';
    if (message !== this.#message) process.stderr.write(message);
    this.#message = message;
  }
}

function describeBlocked([reason, job]: [string, string]): string {
  const hint = isHeld(reason) ? ` Release it with: scontrol release ${job}` : '';
  return `Jobs wait and do not start by themselves (${reason}), such as job ${job}.${hint}\n`;
}
