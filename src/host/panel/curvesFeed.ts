import type { RemotePanel, SeriesName } from '../../protocol/panel.ts';
import type { RunModel } from '../runs/runModel.ts';
import { DecimatedView } from '../series/decimatedView.ts';
import type { TabFeed } from './tabFeed.ts';

/** Feeds the tab "Loss" with curves, decimated. */
export class CurvesFeed implements TabFeed {
  readonly #panel: Pick<RemotePanel, 'change'>;
  readonly #post: (sent: Promise<void>) => void;
  #views = new Map<SeriesName, DecimatedView>();

  constructor(panel: Pick<RemotePanel, 'change'>, post: (sent: Promise<void>) => void) {
    this.#panel = panel;
    this.#post = post;
  }

  restart(run: RunModel | undefined): void {
    this.#views = new Map([...(run?.curves.drawn() ?? [])].map(([name, series]) => [name, new DecimatedView(series)]));
  }

  send(): void {
    const changes = [...this.#views].flatMap(([series, view]) => {
      const change = view.take();
      return change ? [{ series, ...change }] : [];
    });
    if (changes.length > 0) this.#post(this.#panel.change(changes));
  }

  pause(): void {
    // What has changed meanwhile is sent when the tab is back: nothing to stop.
  }
}
