import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { Disposable } from '../disposables.ts';
import type { RunModel } from '../runs/runModel.ts';

/** A stored run's model, in a trainer that does nothing else. */
export interface OpenModel {
  readonly inspector: RemoteInspector;
  /** Ends the trainer. */
  close(): Promise<void>;
}

export interface InspectorsOptions {
  /** What answers for a run that trains here. */
  readonly live: (run: RunModel) => RemoteInspector | undefined;
  /** Opens a stored run. `died` hears of a trainer that has ended by itself; its pending questions are rejected. */
  readonly open: (run: RunModel, died: (death: Error) => void) => Promise<OpenModel>;
  readonly onError: (error: Error) => void;
}

/** An opened model that nobody has asked for this long is let go. */
export const IDLE_MS = 3 * 60_000;
/** Models of stored runs that are open at once; each is a process. */
export const MOST_OPEN = 2;

interface Warm {
  readonly model: Promise<OpenModel>;
  /** Steps of the run when it was opened: another process may train it further. */
  readonly step: number;
  questions: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Puts questions to the models of runs: to the trainer of a run that trains here, or to one that has opened the
 * stored run and stays warm for the next question. The idle time counts from the last answer, so that slow work
 * is never cut off. A trainer that has died is replaced at the next question.
 */
export class Inspectors implements Disposable {
  readonly #options: InspectorsOptions;
  /** By run, the longest unused first. */
  readonly #warm = new Map<string, Warm>();

  constructor(options: InspectorsOptions) {
    this.#options = options;
  }

  /** @throws what the model answers, what stands in the way of opening it, or what its trainer died of */
  async ask<T>(run: RunModel, question: (inspector: RemoteInspector) => Promise<T>): Promise<T> {
    const live = this.#options.live(run);
    if (live) {
      this.#retire(run.id);
      return question(live);
    }
    const warm = this.#open(run);
    warm.questions++;
    clearTimeout(warm.timer);
    try {
      const { inspector } = await warm.model;
      return await question(inspector);
    } finally {
      warm.questions--;
      if (warm.questions === 0) this.#rest(run.id, warm);
    }
  }

  /** Lets every opened model go: what they were opened with (trust, settings) does not hold any more. */
  retireAll(): void {
    for (const id of [...this.#warm.keys()]) this.#retire(id);
  }

  dispose(): void {
    const open = [...this.#warm.values()];
    this.#warm.clear();
    for (const warm of open) this.#end(warm);
  }

  #open(run: RunModel): Warm {
    const { step } = run;
    const known = this.#warm.get(run.id);
    if (known?.step === step) {
      this.#warm.delete(run.id);
      this.#warm.set(run.id, known);
      return known;
    }
    this.#retire(run.id);
    const idle = [...this.#warm].filter(([, { questions }]) => questions === 0);
    for (const [id] of idle.slice(0, Math.max(0, this.#warm.size - MOST_OPEN + 1))) this.#retire(id);

    const forget = () => {
      if (this.#warm.get(run.id) === warm) this.#warm.delete(run.id);
      clearTimeout(warm.timer);
    };
    const model = this.#options.open(run, (death) => {
      forget();
      this.#options.onError(death);
    });
    const warm: Warm = { model, step, questions: 0, timer: undefined };
    this.#warm.set(run.id, warm);
    // Whoever asks hears of the failure; the next question tries again.
    model.catch(forget);
    return warm;
  }

  /** Nobody waits for an answer. */
  #rest(id: string, warm: Warm): void {
    if (this.#warm.get(id) === warm) warm.timer = setTimeout(() => this.#retire(id), IDLE_MS);
    else this.#end(warm);
  }

  /** No further question goes to this model; it is ended when those on their way are answered. */
  #retire(id: string): void {
    const warm = this.#warm.get(id);
    this.#warm.delete(id);
    if (warm?.questions === 0) this.#end(warm);
  }

  #end(warm: Warm): void {
    clearTimeout(warm.timer);
    // A model that could not be opened has told its asker so.
    warm.model.then(
      async (model) => model.close().catch(this.#options.onError),
      () => undefined,
    );
  }
}
