import type { RemoteInspector } from '../../protocol/inspector.ts';
import type { Disposable } from '../disposables.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Model of a stored run, in a dedicated trainer. */
export interface OpenModel {
  readonly inspector: RemoteInspector;
  /** Ends the trainer. */
  close(): Promise<void>;
}

export interface InspectorsOptions {
  /** Inspector of a run that is training in this window. */
  readonly live: (run: RunModel) => RemoteInspector | undefined;
  /** Opens a stored run. `died` is called if the trainer ends unexpectedly; its pending requests are rejected. */
  readonly open: (run: RunModel, died: (death: Error) => void) => Promise<OpenModel>;
  readonly onError: (error: Error) => void;
}

/** Idle time after which an opened model is closed, in milliseconds. */
export const IDLE_MS = 3 * 60_000;
/** Maximum number of open models of stored runs; each is a process. */
export const MAX_OPEN_TRAINERS = 2;

interface OpenedModel {
  readonly model: Promise<OpenModel>;
  /** Step of the run when it was opened; another process may have trained it further. */
  readonly step: number;
  questions: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Sends requests to the models of runs: to the trainer of a run that is training in this window, or to a trainer that
 * has opened the stored run and stays open for further requests. The idle time counts from the last answer, so that
 * slow requests are never interrupted. A trainer that has ended is replaced at the next request.
 */
export class Inspectors implements Disposable {
  readonly #options: InspectorsOptions;
  /** Opened models by run id, least recently used first. */
  readonly #warm = new Map<string, OpenedModel>();

  constructor(options: InspectorsOptions) {
    this.#options = options;
  }

  /** Sends a request. @throws the error of the request or of opening the model, or the reason why the trainer ended */
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

  /** Closes every opened model, because trust or settings have changed. */
  retireAll(): void {
    for (const id of [...this.#warm.keys()]) this.#retire(id);
  }

  dispose(): void {
    const open = [...this.#warm.values()];
    this.#warm.clear();
    for (const warm of open) this.#end(warm);
  }

  #open(run: RunModel): OpenedModel {
    // What another program logs is read again for each question; there is no model to open again.
    const step = run.view.logged ? 0 : run.step;
    const known = this.#warm.get(run.id);
    if (known?.step === step) {
      this.#warm.delete(run.id);
      this.#warm.set(run.id, known);
      return known;
    }
    this.#retire(run.id);
    const idle = [...this.#warm].filter(([, { questions }]) => questions === 0);
    for (const [id] of idle.slice(0, Math.max(0, this.#warm.size - MAX_OPEN_TRAINERS + 1))) this.#retire(id);

    const forget = () => {
      if (this.#warm.get(run.id) === warm) this.#warm.delete(run.id);
      clearTimeout(warm.timer);
    };
    const model = this.#options.open(run, (death) => {
      forget();
      this.#options.onError(death);
    });
    const warm: OpenedModel = { model, step, questions: 0, timer: undefined };
    this.#warm.set(run.id, warm);
    // The caller receives the error; the next request tries again.
    model.catch(forget);
    return warm;
  }

  /** Starts the idle time: no request is pending. */
  #rest(id: string, warm: OpenedModel): void {
    if (this.#warm.get(id) === warm) warm.timer = setTimeout(() => this.#retire(id), IDLE_MS);
    else this.#end(warm);
  }

  /** Closes a model after its pending requests; further requests open another. */
  #retire(id: string): void {
    const warm = this.#warm.get(id);
    this.#warm.delete(id);
    if (warm?.questions === 0) this.#end(warm);
  }

  #end(warm: OpenedModel): void {
    clearTimeout(warm.timer);
    // The caller has received the error of a model that could not be opened.
    warm.model.then(
      async (model) => model.close().catch(this.#options.onError),
      () => undefined,
    );
  }
}
