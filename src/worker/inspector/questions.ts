import { yieldToEventLoop } from '../../platform/system.ts';

/** Runs a piece of work on the model once no step uses it. */
export type Ask = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Queue of queries about a model. They are answered one after another while nothing else uses the model: between two
 * steps of a run, or immediately if no run is training.
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
   * Answers the pending queries. Queries that arrive meanwhile wait for the next call, so that a training step can run.
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

/** Queue of queries while no run is training: each is answered after the previous ones. */
export function idleQuestions(): Questions {
  let last = Promise.resolve();
  const questions = new Questions(() => {
    last = last.then(async () => {
      // Yield, because a newer query may supersede this one.
      await yieldToEventLoop();
      await questions.answer();
    });
  });
  return questions;
}
