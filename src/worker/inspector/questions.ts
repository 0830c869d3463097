import { yieldTurn } from '../../platform/system.ts';

/** Runs a piece of work on the model once no step uses it. */
export type Ask = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Questions about a model, answered one after another at moments when nobody else uses it: between two steps of a run,
 * or, where nothing trains, at once.
 */
export class Questions {
  #waiting: (() => Promise<void>)[] = [];
  readonly #arrived: () => void;
  #closed: Error | undefined;

  /** @param arrived called for every query, so that its owner calls `answer` */
  constructor(arrived: () => void) {
    this.#arrived = arrived;
  }

  /** Resolves with the answer. @throws the error of the work, or the reason why queries are closed */
  readonly ask: Ask = async (work) => {
    if (this.#closed) throw this.#closed;
    return new Promise((resolve, reject) => {
      this.#waiting.push(async () => {
        if (this.#closed) reject(this.#closed);
        else await work().then(resolve, reject);
      });
      this.#arrived();
    });
  };

  /**
   * Answers the questions that wait now. Those that they lead to wait for the next time, so that a step comes between.
   */
  async answer(): Promise<void> {
    const now = this.#waiting;
    this.#waiting = [];
    for (const question of now) await question();
  }

  /** Rejects all waiting and all later queries. */
  async close(reason: Error): Promise<void> {
    this.#closed = reason;
    await this.answer();
  }
}

/** Queries while nothing trains: each is answered after those before it. */
export function questionsAtRest(): Questions {
  let last = Promise.resolve();
  const questions = new Questions(() => {
    last = last.then(async () => {
      // Let messages in: a newer query may supersede this one.
      await yieldTurn();
      await questions.answer();
    });
  });
  return questions;
}
