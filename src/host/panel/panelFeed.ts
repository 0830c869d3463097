import type { RemotePanel, RunView, TabName } from '../../protocol/panel.ts';
import type { RunModel } from '../runs/runModel.ts';
import { CurvesFeed } from './curvesFeed.ts';
import { ResultsFeed } from './resultsFeed.ts';
import { SamplesFeed } from './samplesFeed.ts';
import type { TabFeed } from './tabFeed.ts';

/** Minimum milliseconds between two updates of a visible panel. */
export const TICK_MS = 100;

/** Functions of the page that the feed calls. */
export type FedPanel = Pick<RemotePanel, 'show' | 'update' | 'progress' | 'samples' | 'results'>;

/** Keeps one panel up to date: sends everything once, then only changes, at a limited rate. */
export class PanelFeed {
  readonly #panel: FedPanel;
  readonly #onError: (error: unknown) => void;
  /** Feeds of each tab; a feed may serve several tabs. */
  readonly #feeds: Readonly<Record<TabName, readonly TabFeed[]>>;
  #run: RunModel | undefined;
  #tab: TabName = 'loss';
  readonly #curves = new CurvesFeed();
  /** The view that the panel has. */
  #view: RunView | null = null;
  #revision = -1;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = -Infinity;

  /** @param feeds feeds of the other tabs */
  constructor(panel: FedPanel, onError: (error: unknown) => void, feeds: Partial<Record<TabName, TabFeed>> = {}) {
    this.#panel = panel;
    this.#onError = onError;
    const post = (sent: Promise<void>) => this.#post(sent);
    const samples = new SamplesFeed(panel, post);
    const own = (tab: TabName) => [feeds[tab] ?? []].flat();
    this.#feeds = {
      loss: [samples],
      results: [new ResultsFeed(panel, post)],
      gradients: own('gradients'),
      gates: own('gates'),
      text: [...own('text'), samples],
      compare: own('compare'),
    };
  }

  /** Shows a run, or none, and sends all content of the visible tab. */
  show(run: RunModel | undefined, tab: TabName): void {
    this.pause();
    this.#run = run;
    this.#tab = tab;
    this.#restart();
    this.#send();
  }

  /** Switches to another tab and sends what it lacks. Hidden tabs get nothing. */
  choose(tab: TabName): void {
    for (const feed of this.#feeds[this.#tab]) feed.pause();
    this.#tab = tab;
    this.changed();
  }

  /** The run has changed: schedules the next update. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.#send(), Math.max(0, this.#sentAt + TICK_MS - performance.now()));
  }

  /** The panel is hidden: sends nothing until `show` is called again. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const feed of this.#feeds[this.#tab]) feed.pause();
  }

  #restart(): void {
    const run = this.#run;
    for (const feed of new Set(Object.values(this.#feeds).flat())) feed.restart(run);
    this.#curves.restart(run);
    this.#revision = run?.revision ?? -1;
    this.#view = run?.view ?? null;
    this.#post(this.#panel.show(this.#view));
  }

  #send(): void {
    this.#timer = undefined;
    this.#sentAt = performance.now();
    const run = this.#run;
    if (!run) return;
    if (run.revision !== this.#revision) this.#restart();
    if (run.view !== this.#view) this.#post(this.#panel.update(run.view));
    this.#view = run.view;
    const curves = this.#tab === 'loss' ? this.#curves.take() : {};
    this.#post(this.#panel.progress({ ...run.progress, curves }));
    for (const feed of this.#feeds[this.#tab]) feed.send(run);
  }

  #post(sent: Promise<void>): void {
    sent.catch(this.#onError);
  }
}
