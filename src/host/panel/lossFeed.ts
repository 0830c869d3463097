import type { RemotePanel, SeriesName } from '../../protocol/panel.ts';
import type { RunModel } from '../runs/runModel.ts';
import { DecimatedView } from '../series/decimatedView.ts';
import type { TabFeed } from './tabFeed.ts';

/** Feeds the tab "Loss": curves, decimated, and samples. */
export class LossFeed implements TabFeed {
  readonly #panel: Pick<RemotePanel, 'change' | 'samples'>;
  readonly #post: (sent: Promise<void>) => void;
  #views = new Map<SeriesName, DecimatedView>();
  #samples = 0;

  constructor(panel: Pick<RemotePanel, 'change' | 'samples'>, post: (sent: Promise<void>) => void) {
    this.#panel = panel;
    this.#post = post;
  }

  restart(run: RunModel | undefined): void {
    this.#views = new Map([...(run?.curves.drawn() ?? [])].map(([name, series]) => [name, new DecimatedView(series)]));
    this.#samples = 0;
  }

  send(run: RunModel): void {
    const changes = [...this.#views].flatMap(([series, view]) => {
      const change = view.take();
      return change ? [{ series, ...change }] : [];
    });
    if (changes.length > 0) this.#post(this.#panel.change(changes));
    const samples = run.samples.slice(this.#samples);
    this.#samples = run.samples.length;
    if (samples.length > 0) this.#post(this.#panel.samples(samples));
  }

  pause(): void {
    // What has changed meanwhile is sent when the tab is back: nothing to stop.
  }
}
