import type { RunView } from '../../protocol/panel.ts';
import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { RemoteTrainer, RunEvent } from '../../protocol/trainer.ts';
import { releaseLockOfEndedThread } from '../../runs/lock.ts';
import { TrainerDeath, type TrainerClient, type TrainerListener } from '../trainerClient/trainerClient.ts';
import type { RunModel } from './runModel.ts';

/** A step that has not ended this long after a stop is not waited for. */
export const STEP_GRACE_MS = 2000;
/** The step has ended; the checkpoint and the model are being written. */
const SAVE_GRACE_MS = 30_000;

/** The user stopped the run before it was ready to train. */
export class StartCancelled extends Error {
  override readonly name = 'StartCancelled';
}

export interface LiveRunListener {
  /** The model has changed. */
  changed(): void;
  /** The run is over and its trainer gone. Not called for a run that never became ready. */
  ended(): void;
  error(error: Error): void;
}

/** A run that trains now: its trainer's events go into its model, until the run or the trainer ends. */
export class LiveRun {
  readonly model: RunModel;
  /** Resolves when the run is over and its trainer is gone. */
  readonly over: Promise<void>;
  readonly #trainer: TrainerClient;
  readonly #listener: LiveRunListener;
  #resolveOver: () => void = () => undefined;
  #ready = false;
  #finishing: Promise<void> | undefined;
  #cancelled = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param startTrainer starts the trainer that this run owns from now on */
  constructor(model: RunModel, startTrainer: (listener: TrainerListener) => TrainerClient, listener: LiveRunListener) {
    this.model = model;
    this.#listener = listener;
    this.over = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
    this.#trainer = startTrainer({
      events: (events) => this.#take(events),
      failed: ({ message }) => this.#end(() => model.setState('failed', message)),
      generated: () => undefined,
      gone: (death) => this.#end(() => model.setState('failed', death.message)),
      error: (error) => listener.error(error),
    });
  }

  /** Process that trains; the extension host's own with isolation "host". */
  get pid(): number | undefined {
    return this.#trainer.pid;
  }

  /** What answers questions about the model; undefined before training begins and when it is over. */
  get inspector(): RemoteInspector | undefined {
    return this.#ready && !this.#finishing ? this.#trainer.remote : undefined;
  }

  /** While its trainer is being ended: resolves when it is gone. */
  get ending(): Promise<void> | undefined {
    return this.#finishing;
  }

  /**
   * Makes the trainer begin, by `start` or `resume`.
   * @throws what stands in the way (a text that cannot be used, a dead trainer), or StartCancelled; the trainer is gone
   *   then
   */
  async begin(call: (remote: RemoteTrainer) => Promise<unknown>): Promise<void> {
    try {
      await call(this.#trainer.remote);
      this.#ready = true;
    } catch (error) {
      await this.#finish();
      throw this.#cancelled ? new StartCancelled('The run was stopped before it began.') : error;
    }
  }

  /** Resolves when the trainer has taken the request; the run holds after its current step. */
  async pause(): Promise<void> {
    await this.#trainer.remote.pause();
  }

  async unpause(): Promise<void> {
    await this.#trainer.remote.unpause();
  }

  /** Sets the sampling of the run and has one sample written now. */
  async sample(sampling: RunView['sampling']): Promise<void> {
    await this.#trainer.remote.sample(sampling);
    this.model.setSampling(sampling);
    this.#listener.changed();
  }

  /**
   * Ends the run after its current step; resolves when the trainer has taken the request, or is gone
   * because its step did not end in time. `over` tells when everything is on disk.
   */
  async stop(): Promise<void> {
    if (!this.#ready) {
      this.#cancelled = true;
      return this.#finish();
    }
    this.#endWithin(STEP_GRACE_MS);
    await Promise.race([this.#trainer.remote.stop().catch(ignoreDeath), this.over]);
    if (!this.#finishing) this.#endWithin(SAVE_GRACE_MS);
  }

  /** Ends the trainer without asking it. The run is kept up to its last checkpoint. */
  async kill(why: string): Promise<void> {
    this.#end(() => this.model.setState('interrupted', why));
    await this.over;
  }

  #take(events: readonly RunEvent[]): void {
    for (const event of events) this.model.apply(event);
    if (events.at(-1)?.event === 'end') this.#end();
    else this.#listener.changed();
  }

  #endWithin(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.kill(
        `The trainer did not stop within ${milliseconds / 1000} s and was ended. The run is kept up to its last checkpoint.`,
      );
    }, milliseconds);
  }

  #end(settle: () => void = () => undefined): void {
    if (this.#finishing) return;
    settle();
    this.#finish().catch((error: unknown) => this.#listener.error(error as Error));
  }

  async #finish(): Promise<void> {
    this.#finishing ??= (async () => {
      clearTimeout(this.#timer);
      await this.#trainer.dispose();
      if (this.pid === process.pid) await releaseLockOfEndedThread(this.model.folder);
      if (this.#ready) this.#listener.ended();
      this.#resolveOver();
    })();
    return this.#finishing;
  }
}

/** A dead trainer has stopped too; how it died is told through `gone`. */
function ignoreDeath(error: unknown): void {
  if (!(error instanceof TrainerDeath)) throw error;
}
