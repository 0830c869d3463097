import { connect, type Connection } from '../../protocol/rpc.ts';
import { ownerContract, trainerContract, type OwnerFunctions, type RemoteTrainer } from '../../protocol/trainer.ts';
import type { TrainerHolder, TrainerOptions } from './holder.ts';
import { startProcess } from './processHolder.ts';
import { startThread } from './threadHolder.ts';

/** The trainer's thread has ended while somebody still waited for it. */
export class TrainerDeath extends Error {
  override readonly name = 'TrainerDeath';
}

/** What the owner of a trainer hears. */
export interface TrainerListener extends OwnerFunctions {
  /** The thread is gone; every pending call has been rejected. Not called after `dispose`. */
  gone(death: TrainerDeath): void;
  /** A message could not be understood or handled. */
  error(error: Error): void;
}

/** The owner's end of one trainer. */
export class Trainer {
  readonly #holder: TrainerHolder;
  readonly #connection: Connection<typeof trainerContract>;
  #disposed = false;
  #gone: Promise<void>;

  constructor(holder: TrainerHolder, listener: TrainerListener) {
    this.#holder = holder;
    this.#connection = connect({
      port: holder.port,
      serves: ownerContract,
      functions: listener,
      calls: trainerContract,
      onError: (error) => listener.error(error),
    });
    this.#gone = new Promise((resolve) => {
      holder.onGone((reason) => {
        const death = new TrainerDeath(reason);
        this.#connection.close(death);
        if (!this.#disposed) listener.gone(death);
        resolve();
      });
    });
  }

  /** Starts a trainer as the settings say. */
  static start(options: TrainerOptions, listener: TrainerListener): Trainer {
    const start = { process: startProcess, host: startThread }[options.isolation];
    return new Trainer(start(options), listener);
  }

  /** Process that the trainer's thread belongs to; undefined while there is none. */
  get pid(): number | undefined {
    return this.#holder.pid;
  }

  /** What the trainer can be asked to do. */
  get remote(): RemoteTrainer {
    return this.#connection.remote;
  }

  /** Ends the trainer at once; resolves when its thread is gone. Pending calls are rejected. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#connection.close(new TrainerDeath('The trainer was ended.'));
    this.#holder.kill();
    await this.#gone;
  }
}
