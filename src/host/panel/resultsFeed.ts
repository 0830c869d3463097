import type { RemotePanel } from '../../protocol/panel.ts';
import type { Report } from '../../protocol/report.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { TabFeed } from './tabFeed.ts';

/** Feeds the tab "Results": each report is sent once, whole, for it is another after every validation. */
export class ResultsFeed implements TabFeed {
  readonly #panel: Pick<RemotePanel, 'results'>;
  readonly #post: (sent: Promise<void>) => void;
  /** What the page shows; undefined before it was told anything. */
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
    // The report that is current then is sent when the tab is back: nothing to stop.
  }
}
