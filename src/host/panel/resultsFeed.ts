import type { RemotePanel } from '../../protocol/panel.ts';
import type { Report } from '../../protocol/report.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { TabFeed } from './tabFeed.ts';

/** Feeds the tab "Results": sends each report once, as a whole, since every validation makes a new one. */
export class ResultsFeed implements TabFeed {
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
