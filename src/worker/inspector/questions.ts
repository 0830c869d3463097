import { yieldTurn } from '../../platform/system.ts';

/** Asks for a piece of work on the model; it is done when the model is at rest. */
export type Ask = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Questions about a model, answered one after another at moments when nobody else uses it: between two steps of a run,
 * or, where nothing trains, at once.
 */
export class Questions {
  #waiting: (() => Promise<void>)[] = [];
  readonly #arrived: () => void;
  #closed: Error | undefined;

  /** @param arrived hears of every question, so that somebody calls `answer` */
  constructor(arrived: () => void) {
    this.#arrived = arrived;
  }

  /** Resolves with the answer. @throws what the work throws, or why no questions are answered any more */
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

  /** Refuses all questions, those that wait and those to come. */
  async close(reason: Error): Promise<void> {
    this.#closed = reason;
    await this.answer();
  }
}

/** Questions where nothing trains: each is answered as soon as those before it are. */
export function questionsAtRest(): Questions {
  let last = Promise.resolve();
  const questions = new Questions(() => {
    last = last.then(async () => {
      // Messages come in between: a newer question may make this one superfluous.
      await yieldTurn();
      await questions.answer();
    });
  });
  return questions;
}
