import type { GradientsRun, RemoteGradientsView } from '../../protocol/gradientsView.ts';
import { TICK_MS } from '../panel/panelFeed.ts';
import { Throttle } from '../panel/throttle.ts';
import type { RunModel } from '../runs/runModel.ts';
import { ProbesFeed } from './probesFeed.ts';

/** Keeps the view "Gradients" up to date: sends everything once, then only changes, at most ten times a second. */
export class GradientsFeed {
  readonly #page: RemoteGradientsView;
  readonly #onError: (error: unknown) => void;
  readonly #probes: ProbesFeed;
  readonly #updates = new Throttle(TICK_MS, () => this.#send());
  #run: RunModel | undefined;
  #revision = -1;

  constructor(page: RemoteGradientsView, onError: (error: unknown) => void) {
    this.#page = page;
    this.#onError = onError;
    this.#probes = new ProbesFeed((change) => this.#post(page.probes(change)));
  }

  /** The shown run; undefined if there is none, and before the first call of `show`. */
  get run(): RunModel | undefined {
    return this.#run;
  }

  /** Shows a run, or none, and sends everything about it. */
  show(run: RunModel | undefined): void {
    this.pause();
    this.#run = run;
    this.#restart();
    this.#updates.call();
  }

  /** The run has changed: schedules the next update. */
  changed(): void {
    this.#updates.request();
  }

  /** The view is hidden: sends nothing until `show` is called again. */
  pause(): void {
    this.#updates.cancel();
  }

  #restart(): void {
    this.#probes.restart();
    this.#revision = this.#run?.revision ?? -1;
    this.#post(this.#page.show(this.#run ? shown(this.#run) : null));
  }

  #send(): void {
    const run = this.#run;
    if (!run) return;
    if (run.revision !== this.#revision) this.#restart();
    this.#post(this.#page.update(shown(run)));
    this.#probes.send(run);
  }

  #post(sent: Promise<void>): void {
    sent.catch(this.#onError);
  }
}

function shown({ step, view }: RunModel): GradientsRun {
  const { id, name, title, state, steps, summary, applies, logged, truncation, probeEvery } = view;
  return { id, name, title, state, step, steps, summary, applies, ...(logged && { logged }), truncation, probeEvery };
}
