import type { TabName } from '../../protocol/applicable.ts';
import type { ProgressChange, RemotePanel, RunView } from '../../protocol/panel.ts';
import type { Report } from '../../protocol/report.ts';
import type { RunModel } from '../runs/runModel.ts';
import { DecimatedView } from '../series/decimatedView.ts';
import type { TabFeed } from './tabFeed.ts';
import { Throttle } from './throttle.ts';

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
  readonly #updates = new Throttle(TICK_MS, () => this.#send());
  #run: RunModel | undefined;
  #tab: TabName = 'loss';
  readonly #curves = new CurvesFeed();
  /** The view that the panel has. */
  #view: RunView | null = null;
  #revision = -1;

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
      generate: own('generate'),
      gradients: own('gradients'),
      gates: own('gates'),
      explain: own('explain'),
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
    this.#updates.call();
  }

  /** Switches to another tab and sends its missing content. Hidden tabs receive nothing. */
  choose(tab: TabName): void {
    for (const feed of this.#feeds[this.#tab]) feed.pause();
    this.#tab = tab;
    this.changed();
  }

  /** The run has changed: schedules the next update. */
  changed(): void {
    this.#updates.request();
  }

  /** The panel is hidden: sends nothing until `show` is called again. */
  pause(): void {
    this.#updates.cancel();
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

/** Feeds all tabs that show samples: each sample is sent once, whichever of them is visible. */
class SamplesFeed implements TabFeed {
  readonly #panel: Pick<RemotePanel, 'samples'>;
  readonly #post: (sent: Promise<void>) => void;
  #sent = 0;

  constructor(panel: Pick<RemotePanel, 'samples'>, post: (sent: Promise<void>) => void) {
    this.#panel = panel;
    this.#post = post;
  }

  restart(): void {
    this.#sent = 0;
  }

  send(run: RunModel): void {
    const samples = run.samples.slice(this.#sent);
    this.#sent = run.samples.length;
    if (samples.length > 0) this.#post(this.#panel.samples(samples));
  }

  pause(): void {
    // Nothing to stop: missed samples are sent when a tab is visible again.
  }
}

/** Feeds the tab "Results": sends each report once, as a whole, since every validation makes a new one. */
class ResultsFeed implements TabFeed {
  readonly #panel: Pick<RemotePanel, 'results'>;
  readonly #post: (sent: Promise<void>) => void;
  /** Report that the page shows; undefined before the first message. */
  #sent: Report | null | undefined;

  constructor(panel: Pick<RemotePanel, 'results'>, post: (sent: Promise<void>) => void) {
    this.#panel = panel;
    this.#post = post;
  }

  restart(): void {
    this.#sent = undefined;
  }

  send({ report }: RunModel): void {
    if (report === this.#sent) return;
    this.#sent = report;
    this.#post(this.#panel.results(report));
  }

  pause(): void {
    // Nothing to stop: the current report is sent when the tab is visible again.
  }
}

/** Tracks which decimated curves a panel has, and computes the missing changes. */
class CurvesFeed {
  #views: [keyof ProgressChange['curves'], DecimatedView][] = [];

  /** The panel has discarded all curves. */
  restart(run: RunModel | undefined): void {
    this.#views = (run?.curves.named() ?? []).map(([name, series]) => [name, new DecimatedView(series)]);
  }

  /** Changes since the last call. */
  take(): ProgressChange['curves'] {
    const changes: ProgressChange['curves'] = {};
    for (const [name, view] of this.#views) {
      const change = view.take();
      if (change) changes[name] = change;
    }
    return changes;
  }
}
