import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { connect, type Connection } from '../../protocol/rpc.ts';
import { ownerContract, trainerContract, type OwnerFunctions, type RemoteTrainer } from '../../protocol/trainer.ts';
import type { TrainerHolder, TrainerOptions } from './holder.ts';
import { startTrainerProcess } from './processHolder.ts';
import { startTrainerThread } from './threadHolder.ts';

/** The trainer's thread ended while a call was pending. */
export class TrainerDeath extends PhrasedError {
  override readonly name = 'TrainerDeath';
}

/** Messages and events that the owner of a trainer receives. */
export interface TrainerListener extends OwnerFunctions {
  /** The thread has ended, and every pending call was rejected. Not called after `dispose`. */
  died(death: TrainerDeath): void;
  /** A message could not be parsed or handled. */
  error(error: Error): void;
}

/** The owner's connection to one trainer. */
export class TrainerClient {
  readonly #holder: TrainerHolder;
  readonly #connection: Connection<typeof trainerContract>;
  #disposed = false;
  #exited: Promise<void>;

  constructor(holder: TrainerHolder, listener: TrainerListener) {
    this.#holder = holder;
    this.#connection = connect({
      port: holder.port,
      serves: ownerContract,
      functions: listener,
      calls: trainerContract,
      onError: (error) => listener.error(error),
    });
    this.#exited = new Promise((resolve) => {
      holder.onExit((reason) => {
        const death = new TrainerDeath(reason);
        this.#connection.close(death);
        if (!this.#disposed) listener.died(death);
        resolve();
      });
    });
  }

  /** Starts a trainer. */
  static start(options: TrainerOptions, listener: TrainerListener): TrainerClient {
    const start = { process: startTrainerProcess, host: startTrainerThread }[options.isolation];
    return new TrainerClient(start(options), listener);
  }

  /** The pid of the trainer's process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#holder.pid;
  }

  /** The functions of the trainer. */
  get remote(): RemoteTrainer {
    return this.#connection.remote;
  }

  /** Ends the trainer at once, and rejects pending calls. Resolves when its thread has ended. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#connection.close(new TrainerDeath(phrase('The trainer was ended.')));
    this.#holder.kill();
    await this.#exited;
  }
}
