import type * as z from 'zod';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { classifierContract, type classifierTask } from '../../protocol/classifier.ts';
import { connect, type Connection, type ConnectOptions, type Contract, type Remote } from '../../protocol/rpc.ts';
import { ownerContract, trainerContract, type OwnerFunctions } from '../../protocol/trainer.ts';
import type { TrainerHolder, TrainerOptions } from './holder.ts';
import { startHolder } from './holders.ts';

/** The trainer's thread ended while a call was pending. */
export class TrainerDeath extends PhrasedError {
  override readonly name = 'TrainerDeath';
}

/** Events of a trainer's thread. */
export interface ThreadListener {
  /** The thread has ended, and every pending call was rejected. Not called after `dispose`. */
  died(death: TrainerDeath): void;
  /** A message could not be parsed or handled. */
  error(error: Error): void;
}

/** Messages and events that the owner of a trainer receives. */
export interface TrainerListener extends OwnerFunctions, ThreadListener {}

/** The functions of both ends of a thread. */
type Ends<Served extends Contract, Called extends Contract> = Omit<ConnectOptions<Served, Called>, 'port' | 'onError'>;

/** The owner's connection to one thread. */
class ThreadClient<Served extends Contract, Called extends Contract> {
  readonly #holder: TrainerHolder;
  readonly #connection: Connection<Called>;
  #disposed = false;
  #exited: Promise<void>;

  constructor(holder: TrainerHolder, ends: Ends<Served, Called>, listener: ThreadListener) {
    this.#holder = holder;
    this.#connection = connect({ port: holder.port, ...ends, onError: (error) => listener.error(error) });
    this.#exited = new Promise((resolve) => {
      holder.onExit((reason) => {
        const death = new TrainerDeath(reason);
        this.#connection.close(death);
        if (!this.#disposed) listener.died(death);
        resolve();
      });
    });
  }

  /** The pid of the thread's process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#holder.pid;
  }

  /** The functions of the thread. */
  get remote(): Remote<Called> {
    return this.#connection.remote;
  }

  /** Ends the thread at once, and rejects pending calls. Resolves when it has ended. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#connection.close(new TrainerDeath(phrase('The trainer was ended.')));
    this.#holder.kill();
    await this.#exited;
  }
}

/** The owner's connection to one trainer. */
export class TrainerClient extends ThreadClient<typeof ownerContract, typeof trainerContract> {
  constructor(holder: TrainerHolder, listener: TrainerListener) {
    super(holder, { serves: ownerContract, functions: listener, calls: trainerContract }, listener);
  }

  /** Starts a trainer. */
  static start(options: TrainerOptions, listener: TrainerListener): TrainerClient {
    return new TrainerClient(startHolder(options), listener);
  }
}

const NOTHING_SERVED = {} as const;

/** The owner's connection to one thread that classifies. */
export class ClassifierClient extends ThreadClient<typeof NOTHING_SERVED, typeof classifierContract> {
  /** Starts a thread that classifies. */
  static start(options: TrainerOptions, listener: ThreadListener): ClassifierClient {
    const task: z.input<typeof classifierTask> = { serve: 'classifier' };
    const ends = { serves: NOTHING_SERVED, functions: {}, calls: classifierContract };
    return new ClassifierClient(startHolder({ ...options, task }), ends, listener);
  }
}
