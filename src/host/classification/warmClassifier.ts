import type { OpenClassifierRequest, RemoteClassifier } from '../../protocol/classifier.ts';
import type { Disposable } from '../disposables.ts';
import { TrainerDeath } from '../trainerClient/trainerClient.ts';
import type { ClassifierModel } from './modelInUse.ts';

/** A thread that classifies. */
export interface ClassifierTrainer {
  readonly remote: RemoteClassifier;
  dispose(): Promise<void>;
}

export interface WarmClassifierOptions {
  /** Starts a trainer; `died` is called if it ends unexpectedly. */
  readonly start: (died: (death: Error) => void) => ClassifierTrainer;
  readonly backends: () => OpenClassifierRequest['backends'];
  readonly onError: (error: Error) => void;
}

/** Idle time after which the trainer is ended, in milliseconds. Starting it again takes about a second. */
export const IDLE_MS = 15 * 60_000;

interface LoadedTrainer {
  readonly trainer: ClassifierTrainer;
  /** Model that is loaded in the trainer. */
  open: { readonly model: ClassifierModel; readonly labels: readonly string[] } | undefined;
}

/** What a request may call: the classifier is open already. */
export type OpenedClassifier = Omit<RemoteClassifier, 'openClassifier'>;

/** A request to the classifier; `labels` are the classes of its model. */
export type ClassifierQuestion<T> = (remote: OpenedClassifier, labels: readonly string[]) => Promise<T>;

/**
 * Keeps one trainer with a loaded classifier, so that answers come without delay. Requests run one after the other. A
 * trainer that ends unexpectedly is replaced, and its current request is retried once.
 */
export class WarmClassifier implements Disposable {
  readonly #options: WarmClassifierOptions;
  #warm: LoadedTrainer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: WarmClassifierOptions) {
    this.#options = options;
  }

  /**
   * Runs a request. @throws the error of loading the model or of the request, or the reason if the trainer ended twice
   */
  async ask<T>(model: ClassifierModel, question: ClassifierQuestion<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#waiting++;
    const answer = this.#last.then(async () => this.#answer(model, question));
    this.#last = answer
      .catch(() => undefined)
      .finally(() => {
        this.#waiting--;
        if (this.#waiting === 0 && this.#warm) this.#idle = setTimeout(() => this.retire(), IDLE_MS);
      });
    return answer;
  }

  /** Cancels the current request. */
  async cancel(): Promise<void> {
    await this.#warm?.trainer.remote.cancelClassification();
  }

  /** Ends the trainer; the next request starts another. */
  retire(): void {
    clearTimeout(this.#idle);
    const warm = this.#warm;
    this.#warm = undefined;
    warm?.trainer.dispose().catch(this.#options.onError);
  }

  dispose(): void {
    this.retire();
  }

  async #answer<T>(model: ClassifierModel, question: ClassifierQuestion<T>): Promise<T> {
    try {
      return await this.#once(model, question);
    } catch (error) {
      if (!(error instanceof TrainerDeath)) throw error;
      return this.#once(model, question);
    }
  }

  async #once<T>(model: ClassifierModel, question: ClassifierQuestion<T>): Promise<T> {
    const warm = (this.#warm ??= this.#start());
    if (warm.open?.model.folder !== model.folder || warm.open.model.version !== model.version) {
      warm.open = undefined;
      const { labels } = await warm.trainer.remote.openClassifier({
        run: model.folder,
        backends: this.#options.backends(),
      });
      warm.open = { model, labels };
    }
    return question(warm.trainer.remote, warm.open.labels);
  }

  #start(): LoadedTrainer {
    const trainer = this.#options.start((death) => {
      if (this.#warm?.trainer === trainer) this.#warm = undefined;
      this.#options.onError(death);
    });
    return { trainer, open: undefined };
  }
}
