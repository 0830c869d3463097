import type { RemotePanel, SeriesName } from '../../protocol/panel.ts';
import type { RunModel } from '../runs/runModel.ts';
import { DecimatedView } from '../series/decimatedView.ts';

/** A visible panel is told of changes at most ten times a second. */
export const TICK_MS = 100;

/** Keeps one panel up to date: everything once, then what has changed, never faster than the eye needs. */
export class PanelFeed {
  readonly #panel: RemotePanel;
  readonly #onError: (error: unknown) => void;
  #run: RunModel | undefined;
  #views = new Map<SeriesName, DecimatedView>();
  #samples = 0;
  #revision = -1;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = -Infinity;

  constructor(panel: RemotePanel, onError: (error: unknown) => void) {
    this.#panel = panel;
    this.#onError = onError;
  }

  /** The panel has nothing yet, or shows another run: sends everything. */
  show(run: RunModel | undefined): void {
    this.pause();
    this.#run = run;
    this.#restart();
    this.#send();
  }

  /** The run has changed: the panel hears of it at the next tick. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.#send(), Math.max(0, this.#sentAt + TICK_MS - performance.now()));
  }

  /** The panel is hidden: nothing is sent until it asks for everything again. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #restart(): void {
    const run = this.#run;
    this.#views = new Map([...(run?.curves.drawn() ?? [])].map(([name, series]) => [name, new DecimatedView(series)]));
    this.#samples = 0;
    this.#revision = run?.revision ?? -1;
    this.#post(this.#panel.show(run?.view ?? null));
  }

  #send(): void {
    this.#timer = undefined;
    this.#sentAt = performance.now();
    const run = this.#run;
    if (!run) return;
    if (run.revision !== this.#revision) this.#restart();
    const changes = [...this.#views].flatMap(([series, view]) => {
      const change = view.take();
      return change ? [{ series, ...change }] : [];
    });
    this.#post(this.#panel.update({ run: run.view, latest: run.latest }));
    if (changes.length > 0) this.#post(this.#panel.change(changes));
    const samples = run.samples.slice(this.#samples);
    this.#samples = run.samples.length;
    if (samples.length > 0) this.#post(this.#panel.samples(samples));
  }

  #post(sent: Promise<void>): void {
    sent.catch(this.#onError);
  }
}
