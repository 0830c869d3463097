import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { RemoteTrainer, RunEvent, Sampling } from '../../protocol/trainer.ts';
import { releaseLockOfEndedThread } from '../../runs/lock.ts';
import { recordEnd, type RunEnd } from '../../runs/recordEnd.ts';
import { TrainerDeath, type TrainerClient, type TrainerListener } from '../trainerClient/trainerClient.ts';
import type { RunModel } from './runModel.ts';
import { phrase, say, type Text } from '../../phrases/phrase.ts';

/** Time that a step may take after a stop request, in milliseconds. */
export const STEP_GRACE_MS = 2000;
/** Time for writing the checkpoint and the model after the last step, in milliseconds. */
const SAVE_GRACE_MS = 30_000;

/** The user stopped the run before training began. */
export class StartCancelled extends Error {
  override readonly name = 'StartCancelled';
}

export interface LiveRunListener {
  /** Called when the model has changed. */
  changed(): void;
  /** Called when the run has ended and its trainer has exited. Not called if training never began. */
  ended(): void;
  error(error: Error): void;
}

/** The turn of one run to train, among those of other runs. */
export interface Turn {
  /** Requests a slot. @param begin called when the run has one: at once, or later */
  request(begin: () => void): void;
  /** Requests a slot before all runs that have not begun. @param begin as in `request` */
  requestAgain(begin: () => void): void;
  /** Gives up the slot while the run is paused. */
  release(): void;
  /** Leaves the queue. */
  withdraw(): void;
}

/** A run in training, or one that waits for its turn: applies the events of its trainer to its model, until the run or the trainer ends. */
export class LiveRun {
  readonly model: RunModel;
  /** Resolves when the run has ended and its trainer has exited. */
  readonly over: Promise<void>;
  readonly #listener: LiveRunListener;
  readonly #turn: Turn;
  /** Settles when the trainer has started, or could not be. */
  readonly #hasTurn: Promise<void>;
  #trainer: TrainerClient | undefined;
  #resolveOver: () => void = () => undefined;
  #ready = false;
  #finishing: Promise<void> | undefined;
  #cancelled = false;
  /** Whether the user has paused the run, which may end its step first. */
  #isHeld = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param startTrainer starts a trainer when it is the run's turn; the run then owns it */
  constructor(
    model: RunModel,
    startTrainer: (listener: TrainerListener) => TrainerClient,
    listener: LiveRunListener,
    turn: Turn,
  ) {
    this.model = model;
    this.#listener = listener;
    this.#turn = turn;
    this.over = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
    this.#hasTurn = new Promise((resolve, reject) => {
      turn.request(() => {
        if (this.#finishing) return;
        try {
          this.#trainer = startTrainer({
            events: (events) => this.#take(events),
            inspected: () => undefined,
            failed: ({ message }) => this.#end({ state: 'failed', message }),
            generated: () => undefined,
            died: ({ text }) => this.#end({ state: 'failed', message: text }),
            error: (error) => listener.error(error),
          });
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    });
    // `begin` throws the error.
    this.#hasTurn.catch(() => undefined);
  }

  /** Pid of the training process; the pid of the extension host with isolation "host"; undefined while the run waits. */
  get pid(): number | undefined {
    return this.#trainer?.pid;
  }

  /** Whether training has begun. A run that waits may have begun before it was paused. */
  get hasBegun(): boolean {
    return this.#ready;
  }

  /** Whether the user has paused the run. It may still end its step, or wait for its trainer. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Inspector of the model; undefined before training begins and after it ends. */
  get inspector(): RemoteInspector | undefined {
    return this.#ready && !this.#finishing ? this.#trainer?.remote : undefined;
  }

  /** Resolves when the trainer has exited; undefined unless the run is ending. */
  get ending(): Promise<void> | undefined {
    return this.#finishing;
  }

  /**
   * Begins training, when it is the run's turn, by calling `start` or `resume` of the trainer.
   * @throws the trainer's error (for example an unusable text), the reason if it ended, or StartCancelled; the trainer
   *   has then exited
   */
  async begin(call: (remote: RemoteTrainer) => Promise<unknown>): Promise<void> {
    try {
      if (!this.#trainer) await Promise.race([this.#hasTurn, this.over]);
      await call(this.#remote);
      this.#ready = true;
      if (this.#isHeld) this.#remote.pause().catch((error: unknown) => this.#listener.error(error as Error));
    } catch (error) {
      await this.#finish();
      throw this.#cancelled ? new StartCancelled('The run was stopped before it began.') : error;
    }
  }

  /**
   * Resolves when the trainer has accepted the request; the run pauses after its current step, and a run that has not
   * begun as soon as it has.
   */
  async pause(): Promise<void> {
    this.#isHeld = true;
    if (this.#ready) await this.#remote.pause();
  }

  /** Continues a paused run when it is its turn. Resolves when the trainer has accepted the request, or the run waits. */
  async unpause(): Promise<void> {
    if (!this.#isHeld || this.model.state === 'waiting') return;
    this.#isHeld = false;
    let accepted: Promise<void> | undefined;
    this.#turn.requestAgain(() => {
      accepted = this.#ready && !this.#finishing ? this.#remote.unpause() : undefined;
      accepted?.catch((error: unknown) => this.#listener.error(error as Error));
    });
    await accepted;
  }

  /** Leaves the queue: a run that has not begun is canceled, and one that has stays paused. */
  async leaveQueue(): Promise<void> {
    if (!this.#ready) return this.stop();
    this.#isHeld = true;
    this.#turn.withdraw();
  }

  /** Changes the sampling of the run and generates one sample now. */
  async sample(sampling: Sampling): Promise<void> {
    await this.#remote.sample(sampling);
    this.model.setSampling(sampling);
    this.#listener.changed();
  }

  /**
   * Ends the run after its current step. Resolves when the trainer has accepted the request, or has exited because its
   * step did not end in time. `over` resolves when everything is on disk.
   * @param because whether the user stops the run, or the window closes
   */
  async stop(because: 'user' | 'window' = 'user'): Promise<void> {
    if (this.#finishing) return this.#finishing;
    if (!this.#ready) {
      this.#cancelled = true;
      return this.#finish();
    }
    this.#endWithin(STEP_GRACE_MS);
    const remote = this.#remote;
    const asked = because === 'window' ? remote.interrupt() : remote.stop();
    await Promise.race([asked.catch(ignoreDeath), this.over]);
    if (!this.#finishing) this.#endWithin(SAVE_GRACE_MS);
  }

  /** Kills the trainer. The run is kept up to its last checkpoint. */
  async kill(why: Text): Promise<void> {
    this.#end({ state: 'interrupted', message: why });
    await this.over;
  }

  /** @throws StartCancelled if the run was stopped before its turn */
  get #remote(): RemoteTrainer {
    if (!this.#trainer) throw new StartCancelled('The run was stopped before its turn.');
    return this.#trainer.remote;
  }

  #take(events: readonly RunEvent[]): void {
    for (const event of events) this.model.apply(event);
    if (this.#isHeld && this.model.state === 'paused') this.#turn.release();
    if (events.at(-1)?.event === 'end') this.#end();
    else this.#listener.changed();
  }

  #endWithin(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.kill(
        phrase(
          'The trainer did not stop within {0} s and was ended. The run is kept up to its last checkpoint.',
          milliseconds / 1000,
        ),
      );
    }, milliseconds);
  }

  /** @param end how the run ended, unless its trainer has said so at its end */
  #end(end?: RunEnd & { readonly message: Text }): void {
    if (this.#finishing) return;
    if (end) this.model.setState(end.state, say(end.message));
    this.#finish(end).catch((error: unknown) => this.#listener.error(error as Error));
  }

  async #finish(end?: RunEnd): Promise<void> {
    this.#finishing ??= (async () => {
      clearTimeout(this.#timer);
      await this.#trainer?.dispose();
      await releaseLockOfEndedThread(this.model.folder);
      if (this.#ready) {
        if (end)
          await recordEnd(this.model.folder, end).catch((error: unknown) => this.#listener.error(error as Error));
        this.#listener.ended();
      }
      this.#resolveOver();
    })();
    return this.#finishing;
  }
}

/** Ignores that the trainer has exited, which `died` reports; rethrows other errors. */
function ignoreDeath(error: unknown): void {
  if (!(error instanceof TrainerDeath)) throw error;
}
